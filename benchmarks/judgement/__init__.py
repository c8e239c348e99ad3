"""What the judgement of a call's text says against what people said: endings and wording in six languages."""
