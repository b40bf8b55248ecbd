"""The place for notices belongs to one run of one reader's page."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from streamlit.testing.v1 import AppTest

TOGETHER = Barrier(2, timeout=20)


def page() -> None:
    import streamlit as st

    from pages.widgets import notices
    from tests.pages.widgets.test_notices import TOGETHER

    notices.place()
    st.title("A page")
    TOGETHER.wait()  # both readers have opened their places
    notices.say(st.session_state["reader"])
    TOGETHER.wait()


def page_without_a_place() -> None:
    import streamlit as st

    from pages.widgets import notices

    st.title("A page")
    notices.say("Here.")


def read(reader: str) -> AppTest:
    script = AppTest.from_function(page, default_timeout=30)
    script.session_state["reader"] = reader
    return script.run()


def test_two_readers_at_once_are_told_what_is_theirs_each_above_their_page() -> None:
    with ThreadPoolExecutor(2) as pool:
        for script, reader in zip(pool.map(read, "AB"), "AB", strict=True):
            assert not script.exception
            place, title = script.main.children.values()
            assert [warning.value for warning in place.children.values()] == [reader]
            assert title.value == "A page"


def test_without_a_place_it_is_said_where_it_comes_up() -> None:
    script = AppTest.from_function(page_without_a_place).run()
    title, here = script.main.children.values()
    (warning,) = here.children.values()
    assert (title.value, warning.value) == ("A page", "Here.")
