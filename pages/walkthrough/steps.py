"""The steps of the Walkthrough: texts, actions, and the steps that each depends on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pages.parts.wording import N_
from pages.walkthrough import actions, called_out, showing
from pages.walkthrough.story import Story
from startup import Services


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    heading : str
        Its subject. All texts are in English; the page translates them.
    told : str
        For the audience: what is about to happen.
    notes : str
        For the presenter.
    button : str
        The label of its button.
    do : callable
        Runs the step, and returns what to show.
    show : callable
        Shows the result.
    needs : tuple of int
        The steps that must be done before; including theirs.
    ask : callable or None
        Asks for its input.
    """

    heading: str
    told: str
    notes: str
    button: str
    do: Callable[[Services, Story], Any]
    show: Callable[[Services, Any], None]
    depends_on: tuple[int, ...] = ()
    ask: Callable[[Services], None] | None = None


STEPS: dict[int, Step] = dict(
    enumerate(
        [
            Step(
                N_("A stranger gets five films"),
                N_(
                    "Someone opens the page for the first time. We know nothing about them, "
                    "yet they get five films: the ones that most people like."
                ),
                N_(
                    "Point out that there is no log-in wall. The cards give no personal "
                    "reason because there is none: they say that many people like the film. "
                    "Every newcomer sees these five."
                ),
                N_("Show a stranger five films"),
                actions.stranger,
                showing.stranger,
            ),
            Step(
                N_("Five films of a genre"),
                N_(
                    "The stranger is in the mood for a genre and types it the way people do: "
                    "in lower case, without the hyphen."
                ),
                N_(
                    "On By genre people pick or type, one genre or several. “sci fi”, "
                    "“SCIFI” and “Sci-Fi” are one genre. The next steps rate the first "
                    "three of these films, so remember one."
                ),
                N_("Type a genre"),
                actions.genre,
                showing.genre,
            ),
            Step(
                N_("A genre that there isn't"),
                N_(
                    "Two letters are swapped, and there is no such genre. The answer is not "
                    "an empty page."
                ),
                N_(
                    "Point at the list: the error says what there is, so that the next "
                    "try works. The guess comes from the letters that the two words "
                    "share."
                ),
                N_("Mistype it"),
                actions.wrong_genre,
                showing.wrong_genre,
            ),
            Step(
                N_("Someone registers"),
                N_(
                    "An account is created and logged in with its password. It belongs to "
                    "this story, so whoever presents stays logged in as themselves."
                ),
                N_(
                    "The account is real: a row in the database, its password hashed "
                    "with bcrypt. Its name is made up and its password is random and "
                    "shown to nobody. Reset removes it; if you forget to, it goes at the "
                    "first walkthrough after a day. The five are still the popular ones: "
                    "nothing is rated yet."
                ),
                N_("Register and log in"),
                actions.register,
                showing.newcomer,
            ),
            Step(
                N_("Three films are rated"),
                N_(
                    "The new account gives five stars to the first three films of the genre from "
                    "before."
                ),
                N_(
                    "Three is very little. Ask the audience what they would recommend to "
                    "someone if they knew only three of their favourites."
                ),
                N_("Give three films five stars"),
                actions.rate,
                showing.rated,
                depends_on=(2, 4),
            ),
            Step(
                N_("The five change"),
                N_("The same person asks again. Nothing was trained in between."),
                N_(
                    "A person is the sum of the films they like, so a new rating counts at "
                    "once. The model hasn't changed, only the person has. The green ones are "
                    "new."
                ),
                N_("Ask again"),
                actions.change,
                showing.change,
                depends_on=(2, 4, 5),
            ),
            Step(
                N_("Why this film?"),
                N_(
                    "The first of the five, taken apart: what each film they liked adds to "
                    "its score, and what everything else adds."
                ),
                N_(
                    "This is not a story told afterwards: the score is computed from these "
                    "parts, and they add up to it. “Why?” on every card shows the same, and "
                    "what the five would be without a film you liked."
                ),
                N_("Take the score apart"),
                actions.why,
                showing.why,
                depends_on=(2, 4, 5, 6),
            ),
            Step(
                N_("Someone we know well"),
                N_(
                    "A person from the data set, who has rated many films, gets five "
                    "that are theirs alone, and none that they have rated."
                ),
                N_(
                    "Where demo accounts are on this is `test195@mail.com` with the "
                    "password `test`, which the audience may try out under Account. "
                    "Compare the five with the stranger's. Then choose another style above the "
                    "five: how far popularity counts is everybody's own choice."
                ),
                N_("Log in as someone we know"),
                actions.rater,
                showing.rater,
            ),
            Step(
                N_("What it was learned from"),
                N_("All of it comes from what people have rated."),
                N_(
                    "People prefer whole stars to half ones, and four is the most common. "
                    "The page behind the link shows the rest."
                ),
                N_("Count the ratings"),
                actions.data_set,
                showing.data_set,
            ),
            Step(
                N_("All of it in one picture"),
                N_(
                    "Films that the same people like lie side by side, and the person from step 8 "
                    "stands among theirs."
                ),
                N_(
                    "Only nearness counts; the axes mean nothing. Rings are films this "
                    "person likes, diamonds their five. Click a film to open it; on the page "
                    "behind the link the audience can call out films to find."
                ),
                N_("Draw the map"),
                actions.on_the_map,
                showing.on_the_map,
                depends_on=(8,),
            ),
            Step(
                N_("Your taste"),
                N_("Name three films you love. Nobody registers, and nothing is trained."),
                N_(
                    "Type what the audience calls out, just as you hear it: case, articles "
                    "and small typos don't matter. Then ask for three completely different "
                    "films, and let people guess the five before you press the button. If "
                    "the fields are empty, the films in grey are used."
                ),
                N_("Show five films for this taste"),
                called_out.do,
                called_out.show,
                ask=called_out.ask,
            ),
        ],
        start=1,
    )
)
