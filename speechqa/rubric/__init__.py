"""Judgement as data: lexicons per language, rubrics with points, and the score that they give."""
