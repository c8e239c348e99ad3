"""The engines that hear: voice activity and recognition, each behind a protocol."""
