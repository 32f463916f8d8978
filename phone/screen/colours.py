"""The theme of the screen: names of things, not of colours."""

from textual.theme import Theme

COLOURS = {
    "paper": "#10151b",
    "bar": "#1b232c",
    "panel": "#161d25",
    "ink": "#e9eef3",
    "faint": "#9aa7b4",
    "mine": "#17443b",
    "mine-edge": "#3fae90",
    "theirs": "#25303b",
    "theirs-edge": "#6d7f92",
    "read": "#7fd4ff",
    "waits": "#ffc76b",
    "refused": "#ff8f8f",
    "good": "#7fe0a8",
    "name-1": "#ffc285",
    "name-2": "#a9d4ff",
    "name-3": "#e3b8ff",
    "name-4": "#b9e89a",
    "name-5": "#ffb3c7",
}

THEME = Theme(
    name="maatje",
    primary="#3fae90",
    background=COLOURS["paper"],
    foreground=COLOURS["ink"],
    dark=True,
    variables={**COLOURS, "input-cursor-background": COLOURS["ink"], "border-blurred": COLOURS["faint"]},
)
