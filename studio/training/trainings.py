"""The artist's trainings, of which one goes on at a time, and the models that come of them."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from psygnal import Signal

from studio.document.errors import StudioError
from studio.engine import EngineError
from studio.engine.registry import Registry
from studio.models.own_models import OwnModels
from studio.presets.sharing.bundles import Made
from studio.session import Session
from studio.training.client import Ended, TrainingClient
from studio.training.preparing import Chosen, prepare
from studio.training.runs import Plan, Run, Status, all_in
from studio.training.samples import last_picture

FOLLOW_S = 60.0
"""How often the deck that follows a training has what was learnt since."""
_log = logging.getLogger(__name__)


class Trainings:
    """Signals, on the thread that collects: `changed()` when a training begins, ends, or is another
    than before; `noticed(sentence)`. `wake` is called on other threads and asks for `collect`."""

    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        models: OwnModels,
        folder: Path,
        wake: Callable[[], None],
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._session, self.models, self._folder = session, models, folder
        self._wake, self._clock = wake, clock
        self._hands = ThreadPoolExecutor(1, "training material")
        self._done: deque[Callable[[], object]] = deque()
        self._client: TrainingClient | None = None
        self._snapped_s = float("-inf")
        self._is_closed = self._gets_ready = False
        self.current: Run | None = None
        """The one that goes on, or went on last."""
        self.follows = False
        """Whether decks have newer snapshots by themselves."""

    @property
    def all(self) -> list[Run]:
        """Newest first."""
        return all_in(self._folder)

    @property
    def status(self) -> Status:
        """Of the current one."""
        return self.current.status if self.current else Status()

    @property
    def is_running(self) -> bool:
        """Whether one goes on, or waits for its material or for a hand."""
        return self._client is not None or self._gets_ready

    @property
    def is_unfinished(self) -> bool:
        """Whether one goes on, or the last one that was begun could."""
        if self.is_running:
            return True
        latest = self.all[:1]
        return bool(latest) and latest[0].status.state not in ("done", "failed")

    @property
    def pid(self) -> int | None:
        """Of the process, for figures and tests."""
        return self._client.pid if self._client else None

    # -- what a hand does ----------------------------------------------------------------------

    def begin(self, plan: Plan, chosen: Sequence[Chosen]) -> Run:
        """Learn from these files. Raises `StudioError`."""
        if self.is_running:
            raise StudioError("One training goes on already: stop it, or wait until it is done.")
        learns = self._session.registry.spec(plan.engine).learns
        assert learns is not None
        try:
            run = Run.new(self._folder, plan)
        except OSError as error:
            raise StudioError(f"Nothing can be written to {self._folder}: {error}.") from error
        run.tell(Status(sentence="The files are made ready."))
        self.current, self._gets_ready = run, True

        def work() -> None:
            try:
                count, problems = prepare(
                    chosen, learns, plan.size_px, run.material, lambda: self._gets_ready
                )
                if self._gets_ready:
                    run.write_plan(plan.but(count=count))
                    self._later(lambda: self._is_ready(run, problems))
            except OSError as error:
                sentence = f"The files cannot be made ready: {error}."
                run.tell(Status(state="failed", sentence=sentence))
                self._later(self._failed)

        self._hands.submit(work)
        self.changed.emit()
        return run

    def go_on(self, run: Run | None = None) -> None:
        """Take up a training that was paused, stopped or interrupted."""
        if self._client is not None:
            if run is None or run.folder == self._client.run.folder:
                self._client.pause(on=False)
                return
            raise StudioError("One training goes on already: stop it, or wait until it is done.")
        run = run or self.current
        if run is None or self._gets_ready:
            return
        if not run.plan.count:
            raise StudioError("Its files were never made ready: choose the folder again.")
        self.current = run
        self._get_ready(run)

    def pause(self) -> None:
        """Wait after the present step."""
        if self._client is not None:
            self._client.pause(on=True)

    def stop(self) -> None:
        """Save and end; it can go on later."""
        client, self._client = self._client, None
        if client is not None:
            self._hands.submit(self._close, client)
        elif self.current is not None and self._gets_ready:
            self._gets_ready = False
            self.current.tell(self.status.but(state="stopped", sentence=""))
        self.changed.emit()

    def forget(self, run: Run) -> None:
        """Delete a training that does not go on; the models that came of it stay."""
        if self._client is not None and self._client.run.folder == run.folder:
            raise StudioError("This training goes on: stop it first.")
        try:
            run.remove()
        except OSError as error:
            raise StudioError(f"The training cannot be deleted: {error}.") from error
        if self.current is not None and self.current.folder == run.folder:
            self.current = None
        self.changed.emit()

    def play_now(self) -> None:
        """Let what was learnt so far be played on a deck, while the training goes on."""
        if self._client is not None:
            self._client.take_snapshot()
        elif self.current is not None and (snapshots := self.current.snapshots()):
            self._take(self.current, snapshots[-1], shows=True)
        else:
            self.noticed.emit("This training has nothing to play yet.")

    # -- life ----------------------------------------------------------------------------------

    def collect(self) -> None:
        """Take what has happened. Call it on the window's thread when woken."""
        while self._done:
            self._done.popleft()()

    def tick(self) -> None:
        """Now and then: ask for what a deck that follows is to have next."""
        if not self.follows or self._client is None or self._client.is_paused:
            return
        if self._clock() - self._snapped_s >= FOLLOW_S and self._decks(self._client.run.plan):
            self._snapped_s = self._clock()
            self._client.take_snapshot()

    def close(self) -> None:
        """Save what goes on, and end it."""
        self._is_closed, self._gets_ready = True, False
        if self._client is not None:
            self._client.close()
            self._client = None
        self._hands.shutdown(wait=True, cancel_futures=True)

    # -- inside --------------------------------------------------------------------------------

    def _later(self, do: Callable[[], object]) -> None:
        self._done.append(do)
        self._wake()

    def _close(self, client: TrainingClient) -> None:
        client.close()
        status = client.run.status
        if status.state in ("running", "paused"):  # it had to be killed
            client.run.tell(status.but(state="stopped"))
        self._later(self.changed.emit)

    def _is_ready(self, run: Run, problems: tuple[str, ...]) -> None:
        if problems:
            more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
            self.noticed.emit(f"{problems[0]}{more}")
        self._start(run)

    def _failed(self) -> None:
        self._gets_ready = False
        self.changed.emit()

    def _get_ready(self, run: Run) -> None:
        """Start it when an earlier process of it has come to its end."""
        self._gets_ready = True
        run.tell(run.status.but(state="waiting", sentence="The engine is being loaded."))
        self._hands.submit(self._later, lambda: self._start(run))
        self.changed.emit()

    def _start(self, run: Run) -> None:
        if self._is_closed or not self._gets_ready:  # it was stopped meanwhile
            return
        self._gets_ready = False
        client = TrainingClient(run, lambda event: self._later(lambda: self._heard(client, event)))
        self._client = client
        client.start()
        self.changed.emit()

    def _heard(self, client: TrainingClient, event: Path | Ended) -> None:
        if client is not self._client:
            return
        if isinstance(event, Path):
            self._snapped_s = self._clock()
            self._take(client.run, event, shows=True)
            return
        self._client = None
        self._hands.submit(client.close)
        if event.sentence:
            self.noticed.emit(event.sentence)
        status = client.run.status
        if status.state == "done" and status.weights:
            self._take(client.run, client.run.folder / status.weights, shows=False)
        if status.sentence:
            self.noticed.emit(status.sentence)
        self.changed.emit()

    def _take(self, run: Run, weights: Path, *, shows: bool) -> None:
        """Make a model of it, and give it to the decks that play it; to a new one, if none does and
        it `shows`."""

        def work() -> None:
            try:
                name = store(run, weights, self._session.registry, self.models)
                self._later(lambda: self._taken(run.plan, name, shows=shows))
            except StudioError as error:
                sentence = str(error)
                self._later(lambda: self.noticed.emit(sentence))

        self._hands.submit(work)

    def _taken(self, plan: Plan, name: str, *, shows: bool) -> None:
        try:
            self.models.refresh()
            kept = self.models.find(plan.engine, name)
            assert kept is not None
            self._session.engines.thumbnails.forget(plan.engine, kept.name)
            decks = self._decks(plan)
            for deck in decks:
                self._session.engines.load_again(self._session.scene.deck(deck))
            if shows and not decks:
                self._show(plan.engine, kept.name)
        except StudioError as error:
            self.noticed.emit(str(error))
            return
        self.noticed.emit(f"{kept.part.title} can be played.")

    def _show(self, engine: str, model: str) -> None:
        session = self._session
        try:
            session.decks.add(engine, model)
        except EngineError:  # the stage is full
            session.decks.choose_model(session.scene.front, engine, model)

    def _decks(self, plan: Plan) -> list[str]:
        learns = self._session.registry.spec(plan.engine).learns
        name = f"{learns.model.name}~{plan.mark}" if learns else ""
        decks = self._session.scene.decks
        return [d.key for d in decks if (d.engine, d.model) == (plan.engine, name)]


def store(run: Run, weights: Path, registry: Registry, models: OwnModels) -> str:
    """Keep what a training has learnt as a model of the artist's own; what its engine calls it.
    Raises `StudioError`."""
    plan, status = run.plan, run.status
    learns = registry.spec(plan.engine).learns
    assert learns is not None
    made = Made(
        folder=plan.folder[:200],
        count=plan.count,
        minutes=round(status.seconds / 60, 1),
        size_px=plan.size_px,
        start="" if plan.scratch else plan.start,
        figures={n: round(v, 4) for n, v in run.figures().items() if n in learns.curves},
    )
    return models.store(
        weights,
        engine=plan.engine,
        title=plan.title,
        latent_size=learns.model.latent_size,
        made=made,
        mark=plan.mark,
        licence=plan.licence,
        picture=last_picture(run),
    )
