"""The words of deciding: policy, questions, decisions, actions, certificate, plan, events.

Values only. What decides lives in `planner` and `hooks`; what waits lives in `engine`.
"""
