"""What is pasted into the gradient arrives with its layers."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Visit


@pytest.mark.browser
@pytest.mark.parametrize(
    ("label", "pasted", "typed"),
    [
        ("Gradient", "3, 4\r\n0.3, 0.4\r\n", "3, 4 | 0.3, 0.4"),
        ("Gradient", "tensor([[3., 4.],\n        [0.3, 0.4]])", "tensor([[3., 4.], [0.3, 0.4]])"),
        ("Gradient", "3, 4\n", "3, 4"),
        ("Gradient", "3\n4,\n5\n", "3, 4, 5"),
        ("Gradient", "1 2 |\n3 4", "1 2 | 3 4"),
        ("Threshold", "3\n", "3"),
    ],
)
def test_lines_are_layers(first_visit: Visit, label: str, pasted: str, typed: str) -> None:
    page = first_visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", pasted)
    field = page.get_by_role("textbox", name=label)
    field.select_text()
    field.press("Control+v")
    expect(field).to_have_value(typed)
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.context.close()
