"""The policy pack: rules for the resources of a stack, run by the engine on every preview and update.

It imports nothing of `render/`: rules that shared code with what they check would agree with themselves.
"""
