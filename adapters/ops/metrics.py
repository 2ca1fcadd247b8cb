"""The numbers in Prometheus' words, made anew for each scrape from what the record says.

So every process tells the same, and a restart loses none. Labels come from closed sets and from the settings:
no case's ID, no handle, no text.

https://prometheus.github.io/client_python/collector/custom
https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from bot.domain.case import State
from bot.domain.counting import CARD_DELAY, DECISION_DELAY, labelled, spread
from bot.ports import Signs

#: What became of a publication, by the event that says so.
PUBLISH = {
    "reply_published": "published",
    "publish_doubted": "doubted",
    "publish_rejected": "rejected",
    "publish_postponed": "postponed",
    "handed_over": "handed_over",
    "rehearsed": "rehearsed",
}
#: Mentions of sources that are in the settings no longer, or never were (`levelhead replay`).
OTHER = "other"

_PROCESS = ProcessCollector(registry=None)


def rendered(signs: Signs, accept: str) -> tuple[bytes, str]:
    """Return the numbers in the format that `accept` asks for, and the name of that format."""
    registry = CollectorRegistry()
    registry.register(_Told(signs))
    registry.register(_PROCESS)
    encode, kind = choose_encoder(accept)
    return encode(registry), kind


class _Told(Collector):
    def __init__(self, signs: Signs) -> None:
        self._signs = signs

    def collect(self) -> Iterator[Metric]:
        yield from _standing(self._signs)
        yield from _sources(self._signs)
        yield from _counted(self._signs.counts)
        yield from _model(self._signs)
        build = {("version", "python"): (version("levelhead"), platform.python_version())}
        for labels, values in build.items():
            yield _gauge("build_info", "What runs here.", labels, {values: 1})


def _standing(signs: Signs) -> Iterator[Metric]:
    states = {(s.value,): signs.states.get(s.value, 0) for s in State if s is not State.CLOSED}
    yield _gauge("cases", "Open cases by state.", ("state",), states)
    due = {(lane,): count for lane, (count, _) in signs.lanes.items()}
    yield _gauge("due", "Steps that are due and wait for a worker, by lane.", ("lane",), due)
    oldest = {(lane,): seconds for lane, (_, seconds) in signs.lanes.items()}
    yield _gauge("oldest_due_seconds", "How long the oldest step in line has been due; 0 for none.",
                 ("lane",), oldest)  # fmt: skip
    aside = {("step",): signs.steps_aside, ("item",): signs.items_aside}
    yield _gauge("set_aside", "What needs a person: steps that failed too often, and bad items of the last "
                 "24 hours.", ("kind",), aside)  # fmt: skip
    takes = {(name,): int(not well) for name, well in signs.channels.items()}
    yield _gauge("channel_refuses_cards", "1 while a team channel refuses its cards.", ("channel",), takes)
    yield _gauge("publishing_paused", "1 while a person has paused publishing.", (), {(): int(signs.paused)})


def _sources(signs: Signs) -> Iterator[Metric]:
    silence = {(name,): seconds for name, seconds in signs.silence.items()}
    yield _gauge("source_silence_seconds", "Since a source was last read, or pushed something.",
                 ("source",), silence)  # fmt: skip
    failing = {(name,): int(name in signs.failing) for name in signs.silence}
    yield _gauge("source_last_error", "1 where the last reading of a source failed.", ("source",), failing)
    mentions = dict.fromkeys(((name,) for name in signs.silence), 0)
    for (name,), count in labelled(signs.counts, "mentions").items():
        known = (name if name in signs.silence else OTHER,)
        mentions[known] = mentions.get(known, 0) + count
    yield _counter("mentions", "Mentions taken in.", ("source",), mentions)


def _counted(counts: Mapping[str, int]) -> Iterator[Metric]:
    publish = {(result,): counts.get(f"event:{kind}", 0) for kind, result in PUBLISH.items()}
    yield _counter("publish", "What became of publications.", ("result",), publish)
    yield _counter("checks", "What the checks said of texts: drafted, edited, or approved all the same.",
                   ("text", "rule", "verdict"), labelled(counts, "check"))  # fmt: skip
    yield _counter("decisions", "Decisions of people.", ("kind",), labelled(counts, "decision"))
    yield _counter("read", "Mentions read, by what kind they are.", ("category",), labelled(counts, "read"))
    yield _counter("drafts", "Drafts by who made them.", ("maker",), labelled(counts, "draft"))
    yield _counter("closed", "Cases closed.", ("outcome",), labelled(counts, "outcome"))
    yield _histogram("card_delay_seconds", "From a mention taken in to its first card.", counts, CARD_DELAY)
    yield _histogram("decision_delay_seconds", "From a mention taken in to the first decision of a person.",
                     counts, DECISION_DELAY)  # fmt: skip


def _model(signs: Signs) -> Iterator[Metric]:
    spent = {name.removeprefix("spent:"): n for name, n in signs.counts.items() if name.startswith("spent:")}
    calls, failed = spent.get("calls", 0), spent.get("failed", 0)
    outcomes = {("answered",): calls - failed, ("failed",): failed}
    yield _counter("model_calls", "Calls of a model, by whether they were of use.", ("outcome",), outcomes)
    cached = spent.get("tokens_cached", 0)
    tokens = {
        ("in",): spent.get("tokens_in", 0) - cached,
        ("cached",): cached,
        ("out",): spent.get("tokens_out", 0),
    }
    yield _counter("model_tokens", "Tokens: of prompts, of prompts from the cache, of answers.",
                   ("kind",), tokens)  # fmt: skip
    seconds = {(): spent.get("milliseconds", 0) / 1000}
    yield _counter("model_seconds", "Time spent waiting for a model.", (), seconds)
    cost = {(signs.currency,): spent.get("micros", 0) / 1_000_000} if signs.currency else {}
    yield _counter("model_cost", "What the calls cost, by the prices in the settings.", ("currency",), cost)
    yield _gauge("model_resting", "1 while this process asks no model, because of its failures.",
                 (), {(): int(signs.resting)})  # fmt: skip


_Values = Mapping[tuple[str, ...], float]


def _gauge(name: str, says: str, labels: tuple[str, ...], values: _Values) -> Metric:
    family = GaugeMetricFamily(f"levelhead_{name}", says, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family


def _counter(name: str, says: str, labels: tuple[str, ...], values: _Values) -> Metric:
    family = CounterMetricFamily(f"levelhead_{name}", says, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family


def _histogram(name: str, says: str, counts: Mapping[str, int], delay: str) -> Metric:
    found = spread(counts, delay)
    buckets = [("+Inf" if bound is None else str(float(bound)), n) for bound, n in found.buckets]
    family = HistogramMetricFamily(f"levelhead_{name}", says)
    family.add_metric((), buckets, sum_value=found.seconds)
    return family
