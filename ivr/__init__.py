"""The phone line: flows, prompts, SIP, the record of a call."""
