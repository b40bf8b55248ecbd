"""What a page leaves open, and the way to the page that answers it."""

import streamlit as st

QUESTION = """
**Then why would anyone clip elementwise, and not normalize?** Because "steepest" needs a way to
measure steps, and by their largest number the sign of the gradient is steepest, with clip by value
in between ([which norm?](./answers#steepest)). Because a turned step still
[points downhill, always](./answers#descent). And because it leaves the slow directions their steps
where single numbers explode, though it takes them away where what explodes
[lies across the axes](./answers#progress). (These links open in a new tab.)
"""
ONWARD = {  # by page: what it leaves open, the next page, and what that one is called
    "vector": (
        "Two numbers turn by less than 45°. Gradients have millions of numbers.",
        "dimensions.py",
        "How far does it turn in many dimensions?",
    ),
    "dimensions": (
        "A gradient can turn far. But a turned step may lead as well, or better.",
        "descent.py",
        "Does the turn matter for the path?",
    ),
    "descent": (
        "Surfaces with two coordinates are easy to draw, and networks have none.",
        "training.py",
        "Does it matter for a real network?",
    ),
    "training": (
        "Which of all that answers the question, why anyone would clip elementwise?",
        "answers.py",
        "So why would anyone clip elementwise?",
    ),
    "answers": (
        "All this was about other people's gradients.",
        "gradients.py",
        "What would a threshold do to your training?",
    ),
    "gradients": (
        "A threshold is one number. What it does depends on the words around it.",
        "frameworks.py",
        "What do you type, and what does it compute?",
    ),
    "frameworks": (
        "All of it is one idea, which a gradient that you can drag shows best.",
        "vector.py",
        "Does clipping turn the gradient?",
    ),
}


def onward(page: str) -> None:
    """Say it at the end of a page."""
    leaves_open, script, title = ONWARD[page]
    with st.container(key="onward"):
        st.markdown(leaves_open)
        st.page_link(
            script, label=f"Next: {title}", icon=":material/arrow_forward:", icon_position="right"
        )
