"""The ground floor: what the phone line, the speech analysis and the desk share.

It imports none of them. Units everywhere: seconds as float, intervals half-open ``[start, end)``.
"""

__version__ = "0.1.0"
