#!/usr/bin/env python3
"""Makes random cases in the vocabulary of the recorded topologies: topology and input, no output. `recorder` adds what Kafka Streams answers.

    generate.py --seed S --cases N OUT_DIR

Every case is a function of its seed. Types are tracked, so that a topology is one that Kafka Streams accepts; the few that it refuses
nevertheless are left out by the recorder.
"""
import argparse
import json
import os
import random

WINDOWED = "windowed"


class Handle:
    """What an id denotes: kind is stream, table, global, grouped, groupedTable or windowed; types as in the case format."""

    def __init__(self, kind, id, key, value, **extra):
        self.kind, self.id, self.key, self.value = kind, id, key, value
        self.inherits = extra.get("inherits", False)
        self.versioned = extra.get("versioned", False)
        self.window = extra.get("window")
        self.closes = extra.get("closes", False)
        self.depth = extra.get("depth", 0)
        self.source = extra.get("source")


class Case:
    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.topics, self.topology, self.handles, self.quirks, self.inputs = {}, [], [], set(), []
        self.config, self.order, self.names, self.nulls = {}, None, 0, True

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, p):
        return self.random.random() < p

    def name(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def add(self, op, **fields):
        node = {k: v for k, v in fields.items() if v is not None}
        node["op"] = op
        self.topology.append(node)
        return node

    def result(self, op, kind, key, value, fields, **extra):
        id = self.name("x")
        self.add(op, id=id, **fields)
        handle = Handle(kind, id, key, value, **extra)
        self.handles.append(handle)
        return handle

    def topic(self, key, value, prefix="in"):
        name = self.name(prefix)
        self.topics[name] = {"key": key, "value": value}
        return name

    def of(self, kind, test=lambda h: True):
        return [h for h in self.handles if h.kind == kind and test(h)]

    def store(self, p=0.5):
        return self.name("store") if self.chance(p) else None


# ---- expressions ------------------------------------------------------------------------------------------------------------------------

def to_string(case, source):
    step = case.pick("", ">upper", ">reverse", ">prefix:p", ">suffix:s", ">first:1", ">field:0", ">field:1", ">null-if:b", ">null-if-starts:a",
                     ">default:d", ">null-if-mod:3:1")
    return f"{source}>text{step}"


def to_long(case, source):
    return source + case.pick(">long", ">length", ">long>add:3", ">long>times:2", ">long>mod:3", ">long>null-if-gt:6", ">int>add:1>long")


def expression(case, type, sources=("key", "value", "pair")):
    source = case.pick(*sources)
    return to_long(case, source) if type == "long" else to_string(case, source)


def key_expression(case, allow_null=True):
    options = ["value>text>first:1", "key>text>upper", "value>text>field:0", "pair>text>first:3", "value>long>mod:2>text", "const:one",
               "key>text>default:n", "value>text>default:none"]
    return case.pick(*(options + ["value>text>null-if-starts:a", "key>text>null-if:a"] if allow_null else options[-2:] + ["const:one"]))


def predicate(case):
    return case.pick("value>gt:3", "value>lt:5", "value>mod-is:2:0", "value>is-null", "value>not-null", "value>contains:b", "key>eq:a", "key>eq:b>not",
                     "value>longer:2", "key>not-null", "pair>contains:c", "value>starts:a>not")


# ---- sources ----------------------------------------------------------------------------------------------------------------------------

def add_stream(case):
    value = case.pick("string", "string", "long")
    topic = case.topic("string", value)
    case.inputs.append(topic)
    topics = [topic]
    if case.chance(0.15):
        other = case.topic("string", value)
        case.inputs.append(other)
        topics.append(other)
    timestamp = case.pick("value>long>times:5", "log-and-skip") if case.chance(0.06) else None
    case.result("stream", "stream", "string", value, {"topics": topics, "timestamp": timestamp}, inherits=True)


def add_table(case):
    value = case.pick("string", "string", "long")
    topic = case.topic("string", value)
    case.inputs.append(topic)
    versioned = case.chance(0.2)
    case.result("table", "table", "string", value,
                {"topic": topic, "store": case.name("store") if versioned or case.chance(0.7) else None,
                 "historyRetention": case.pick(20, 60, 1000) if versioned else None},
                inherits=True, versioned=versioned, source=topic)


def add_global(case):
    value = case.pick("string", "string", "long")
    topic = case.topic("string", value)
    case.inputs.append(topic)
    case.result("globalTable", "global", "string", value, {"topic": topic, "store": case.store()})


# ---- stream operators -------------------------------------------------------------------------------------------------------------------

def stateless(case):
    s = case.random.choice(case.of("stream"))
    op = case.pick("filter", "filterNot", "map", "mapValues", "selectKey", "flatMap", "flatMapValues", "peek", "split", "merge", "repartition")
    if op in ("filter", "filterNot"):
        case.result(op, "stream", s.key, s.value, {"in": s.id, "pred": predicate(case)}, inherits=s.inherits)
    elif op == "map":
        value = case.pick("string", "long")
        case.result(op, "stream", "string", value, {"in": s.id, "key": key_expression(case), "value": expression(case, value)})
    elif op == "mapValues":
        value = case.pick("string", "long")
        case.result(op, "stream", s.key, value, {"in": s.id, "value": expression(case, value)})
    elif op == "selectKey":
        case.result(op, "stream", "string", s.value, {"in": s.id, "key": key_expression(case)})
    elif op == "flatMap":
        case.result(op, "stream", "string", "string",
                    {"in": s.id, "each": case.pick("value>text>split:|", "value>text>letters", "pair>text>repeat:2"),
                     "key": case.pick("value", "key>text", "value>first:1"), "value": case.pick("pair", "value>upper", "key>text")})
    elif op == "flatMapValues":
        case.result(op, "stream", s.key, "string", {"in": s.id, "each": case.pick("value>text>split:|", "value>text>letters", "value>text>repeat:2")})
    elif op == "peek":
        case.result(op, "stream", s.key, s.value, {"in": s.id}, inherits=s.inherits)
    elif op == "split":
        branches = []
        for _ in range(case.random.randint(1, 3)):
            id = case.name("x")
            branches.append({"id": id, "pred": predicate(case)})
        node = {"in": s.id, "branches": branches}
        if case.chance(0.6):
            node["default"] = {"id": case.name("x")}
        case.add("split", **node)
        for branch in branches + ([node["default"]] if "default" in node else []):
            case.handles.append(Handle("stream", branch["id"], s.key, s.value))
    elif op == "merge":
        others = [o for o in case.of("stream") if o.key == s.key and o.value == s.value and o is not s]
        if others:
            chosen = [s] + case.random.sample(others, min(len(others), case.random.randint(1, 2)))
            case.result("merge", "stream", s.key, s.value, {"in": [h.id for h in chosen]})
    elif plain(s.key):
        case.result("repartition", "stream", s.key, s.value, {"in": s.id, "keySerde": s.key, "valueSerde": s.value})


def plain(type):
    return isinstance(type, str)


def processors(case):
    plain_streams = case.of("stream", lambda h: h.key == "string")
    if not plain_streams:
        return
    s = case.random.choice(plain_streams)
    word = case.pick("dedupe", "running-max", "count-punctuate", "tick", "window-lookup", "session-merge", "ttl", "headers", "retime", "clock",
                     "fan-out", "number", "twice", "commands", "global-read")
    stores, value, args = None, s.value, {}

    def store(kind, key, val, **extra):
        name = case.name("kept")
        case.add("store", name=name, kind=kind, keySerde=key, valueSerde=val, **extra)
        return [name]

    if word == "dedupe":
        stores, args = store("keyValue", "string", "long"), {"within": case.pick(5, 20, 100)}
    elif word == "running-max":
        stores = store("keyValue", "string", "long")
        id, low = case.name("x"), case.name("x")
        case.add("process", id=id, **{"in": s.id}, processor=word, stores=stores)
        for child in ("high", "low"):
            case.result("mapValues", "stream", "string", "string", {"in": id, "name": child, "value": f"value>text>prefix:{child[0]}"})
        return
    elif word == "count-punctuate":
        stores, value = store("keyValue", "string", "long"), "long"
        args = {"interval": case.pick(10, 30), "type": case.pick("stream-time", "wall-clock"), "clear": case.chance(0.5)}
    elif word == "tick":
        args = {"interval": case.pick(10, 25), "type": case.pick("stream-time", "wall-clock"), "times": case.pick(2, 3)}
        if s.value != "string":
            return
    elif word == "window-lookup":
        stores, value = store("window", "string", s.value, retention=case.pick(30, 100000), size=10), "string"
        args = {"span": case.pick(10, 30)}
    elif word == "session-merge":
        stores, value = store("session", "string", "string", retention=case.pick(50, 100000)), "string"
        args = {"gap": case.pick(5, 15)}
    elif word == "ttl":
        stores, args = store("timestampedKeyValue", "string", s.value), {"ttl": case.pick(20, 50), "interval": case.pick(10, 25)}
    elif word == "retime":
        args = {"shift": case.pick(-10, 7, 30)}
    elif word == "clock":
        value = "string"
    elif word == "fan-out":
        args = {"copies": case.pick(1, 2, 3)}
    elif word == "commands":
        stores, value = store("keyValue", "string", "string"), "string"
    elif word == "global-read":
        known = case.of("global", lambda h: h.value == "string")
        named = [h for h in known for op in case.topology if op.get("id") == h.id and "store" in op]
        if not named:
            return
        store_name = next(op["store"] for op in case.topology if op.get("id") == named[0].id)
        args, value = {"store": store_name}, "string"
    if word in ("number", "twice"):
        stores = store("keyValue", "string", "long") if word == "number" else None
        case.result("processValues", "stream", "string", "string", {"in": s.id, "processor": word, "stores": stores})
    else:
        case.result("process", "stream", "string", value, {"in": s.id, "processor": word, "args": args or None, "stores": stores})


# ---- grouping and folds -----------------------------------------------------------------------------------------------------------------

def group(case):
    candidates = case.of("stream", lambda h: plain(h.key))
    tables = case.of("table", lambda h: plain(h.key) or h.window is not None)
    if tables and (not candidates or case.chance(0.35)):
        t = case.random.choice(tables)
        value = case.pick("string", "long")
        key = key_expression(case) if plain(t.key) else "key>inner>text"
        return case.result("groupBy", "groupedTable", "string", value,
                           {"in": t.id, "key": key, "value": expression(case, value, ("value",)), "keySerde": "string", "valueSerde": value})
    if not candidates:
        return None
    s = case.random.choice(candidates)
    if case.chance(0.5):
        serdes = {} if s.inherits and case.chance(0.5) else {"keySerde": s.key, "valueSerde": s.value}
        return case.result("groupByKey", "grouped", s.key, s.value, {"in": s.id, **serdes}, inherits=s.inherits)
    return case.result("groupBy", "grouped", "string", s.value,
                       {"in": s.id, "key": key_expression(case), "keySerde": "string", "valueSerde": s.value})


def window(case):
    grace = case.pick(0, 0, 5, 20, 1000)
    kind = case.pick("time", "time", "time", "sliding", "session", "unlimited")
    if kind == "time":
        size = case.pick(10, 20)
        shape = {"kind": kind, "size": size, "grace": grace}
        if case.chance(0.5):
            shape["advance"] = case.pick(5, 3, size)
        return shape, {WINDOWED: "time", "size": size}
    if kind == "sliding":
        difference = case.pick(5, 10, 20)
        return {"kind": kind, "difference": difference, "grace": grace}, {WINDOWED: "time", "size": difference}
    if kind == "session":
        return {"kind": kind, "gap": case.pick(4, 8, 15), "grace": grace}, {WINDOWED: "session"}
    return {"kind": "unlimited", "start": case.pick(0, 30)}, None


def fold_fields(case, grouped, table=False, session=False):
    """count, reduce or aggregate: (op, fields, value type)."""
    kind = case.pick("count", "reduce", "aggregate")
    store = case.store(0.7)
    if kind == "count":
        return kind, {"store": store, "valueSerde": "long" if case.chance(0.3) else None}, "long"
    if kind == "reduce":
        reducer = case.pick("add", "max", "min", "first", "last") if grouped.value == "long" else case.pick(
            "concat", "max", "min", "first", "last", "concat-until:12")
        fields = {"reducer": reducer, "store": store, "keySerde": grouped.key, "valueSerde": grouped.value}
        if table:
            fields["subtractor"] = case.pick("subtract", "first", "last") if grouped.value == "long" else case.pick("first", "last", "concat")
        return kind, fields, grouped.value
    init, aggregator, subtractor, value, merger = case.pick(
        ("long:0", "add", "subtract", "long", "merge-add"), ("string:", "concat", "unconcat", "string", "merge-concat"),
        ("null", "max", "min", "long", "merge-max"), ("list", "append", "remove", "list", "merge-list"),
        ("string:", "concat-key", "unconcat", "string", "merge-concat"), ("long:5", "count", "subtract", "long", "merge-add"),
        ("null", "concat-until:10", "unconcat", "string", "merge-concat"))
    fields = {"init": init, "aggregator": aggregator, "store": store, "keySerde": grouped.key, "valueSerde": value}
    if table:
        fields["subtractor"] = subtractor
    if session:
        fields["merger"] = merger
    return kind, fields, value


def aggregate(case):
    grouped = case.of("grouped") + case.of("groupedTable")
    if not grouped:
        made = group(case)
        if made is None:
            return
        grouped = [made]
    g = case.random.choice(grouped)
    if g.kind == "groupedTable":
        op, fields, value = fold_fields(case, g, table=True)
        case.result(op, "table", g.key, value, {"in": g.id, **fields})
        return
    if case.chance(0.4):
        op, fields, value = fold_fields(case, g)
        case.result(op, "table", g.key, value, {"in": g.id, **fields})
        return
    if case.chance(0.2):
        return cogroup(case, g)
    shape, key = window(case)
    closes = shape["kind"] != "unlimited" and case.chance(0.35)
    if shape["kind"] == "unlimited":
        w = case.result("windowedBy", "windowed", None, None, {"in": g.id, "window": shape})
        op, fields, value = fold_fields(case, g)
        t = case.result(op, "table", {WINDOWED: "time", "size": 1, "inner": g.key}, value, {"in": w.id, **fields}, window=shape)
        t.unlimited = True
        return
    w = case.result("windowedBy", "windowed", None, None, {"in": g.id, "window": shape, "emit": "close" if closes else None})
    op, fields, value = fold_fields(case, g, session=shape["kind"] == "session")
    if case.chance(0.6):
        fields["retention"] = 100000
    elif closes or shape["kind"] in ("session", "sliding"):
        case.quirks.add("default-retention")
    case.result(op, "table", dict(key, inner=g.key), value, {"in": w.id, **fields}, window=shape, closes=closes)


def cogroup(case, g):
    parts = [(h, case.pick("add", "count", "max")) for h in [g] + [h for h in case.of("grouped") if h is not g and h.key == g.key][:1]]
    fields = {"parts": [{"in": h.id, "aggregator": a} for h, a in parts], "init": "long:0", "keySerde": g.key, "valueSerde": "long",
              "store": case.store(0.7)}
    key, shape = g.key, None
    if case.chance(0.5):
        shape, windowed = window(case)
        if shape["kind"] == "unlimited":
            shape = None
        else:
            key = dict(windowed, inner=g.key)
            fields["window"], fields["retention"] = shape, 100000
            if shape["kind"] == "session":
                fields["merger"] = "merge-add"
    case.result("cogroup", "table", key, "long", fields, window=shape)


# ---- tables and joins -------------------------------------------------------------------------------------------------------------------

def table_operator(case):
    tables = case.of("table")
    if not tables:
        return
    t = case.random.choice(tables)
    op = case.pick("filter", "filterNot", "mapValues", "toStream", "suppress", "suppress")
    keeps = plain(t.key) and case.chance(0.4)
    serdes = {"store": case.name("store"), "keySerde": t.key, "valueSerde": None} if keeps else {}
    if op in ("filter", "filterNot"):
        if keeps:
            serdes["valueSerde"] = t.value
        case.result(op, "table", t.key, t.value, {"in": t.id, "pred": predicate(case), **serdes}, window=t.window, closes=t.closes)
    elif op == "mapValues":
        value = case.pick("string", "long")
        if keeps:
            serdes["valueSerde"] = value
        case.result(op, "table", t.key, value, {"in": t.id, "value": expression(case, value), **serdes}, window=t.window, closes=t.closes)
    elif op == "toStream":
        to_stream(case, t)
    elif t.value != "list" and not t.versioned and not hasattr(t, "unlimited"):
        made_by_fold = next(o for o in case.topology if o.get("id") == t.id)["op"] in ("count", "reduce", "aggregate", "table")
        if not made_by_fold:
            return
        if t.window is not None and not t.closes and case.chance(0.7):
            case.result(op, "table", t.key, t.value, {"in": t.id, "until": "window-closes"}, closes=True)
        elif plain(t.key):
            limits = case.pick({}, {"maxRecords": case.pick(1, 2, 3)}, {"maxBytes": case.pick(120, 250)}, {"maxRecords": 2, "maxBytes": 300})
            case.result(op, "table", t.key, t.value, {"in": t.id, "until": "time-limit", "ms": case.pick(0, 5, 20, 60), **limits}, closes=True)


def to_stream(case, t):
    if plain(t.key):
        key = key_expression(case) if case.chance(0.3) else None
        return case.result("toStream", "stream", "string" if key else t.key, t.value, {"in": t.id, "key": key})
    if case.chance(0.5):
        return case.result("toStream", "stream", "string", t.value, {"in": t.id, "key": "key>text"})
    return case.result("toStream", "stream", t.key, t.value, {"in": t.id})


def joined(case, left, right):
    joiner = case.pick("pair", "pair", "sum", "either", "null-if-same", "right")
    if joiner in ("either", "right") and left != right:
        joiner = "pair"
    value = "long" if joiner == "sum" else left if joiner in ("either", "right") else "string"
    return joiner, value


def join(case):
    kind = case.pick("stream-stream", "stream-stream", "stream-table", "stream-table", "global", "table-table", "table-table", "foreign", "foreign")
    streams = case.of("stream", lambda h: h.key == "string" and h.value in ("string", "long"))
    tables = case.of("table", lambda h: h.key == "string" and h.value in ("string", "long"))
    if kind == "stream-stream" and streams:
        l, r = case.random.choice(streams), case.random.choice(streams)
        joiner, value = joined(case, l.value, r.value)
        if case.chance(0.2):
            joiner, value = "key-pair", "string"
        case.quirks |= {"late-join-records", "unmatched-before-grace"}
        case.result("join", "stream", "string", value, {
            "left": l.id, "right": r.id, "type": case.pick("inner", "left", "outer"), "joiner": joiner,
            "window": {"before": case.pick(0, 5, 10), "after": case.pick(0, 5, 10), "grace": 5 if l is r else case.pick(0, 0, 5, 30)},
            "keySerde": "string", "leftSerde": l.value, "rightSerde": r.value})
    elif kind == "stream-table" and streams and tables:
        l, r = case.random.choice(streams), case.random.choice(tables)
        joiner, value = joined(case, l.value, r.value)
        grace = case.pick(0, 10, 20) if r.versioned and case.chance(0.6) else None
        case.nulls = case.nulls and grace is None  # Kafka Streams fails for a null key in the buffer of the grace period
        case.result("join", "stream", "string", value, {
            "left": l.id, "right": r.id, "type": case.pick("inner", "left"), "joiner": joiner, "grace": grace,
            "keySerde": "string", "leftSerde": l.value, "rightSerde": r.value})
    elif kind == "global" and streams and case.of("global"):
        l, r = case.random.choice(streams), case.random.choice(case.of("global"))
        joiner, value = joined(case, l.value, r.value)
        case.result("join", "stream", "string", value, {
            "left": l.id, "right": r.id, "type": case.pick("inner", "left"), "joiner": joiner, "key": key_expression(case)})
    elif kind == "table-table" and tables:
        l, r = case.random.choice(tables), case.random.choice(tables)
        if l is r and l.closes:
            return  # Kafka Streams lets the two sides of a suppressed table's row be seen at different times
        joiner, value = joined(case, l.value, r.value)
        keeps = {"store": case.name("store"), "keySerde": "string", "valueSerde": value} if case.chance(0.5) else {}
        case.result("join", "table", "string", value, {
            "left": l.id, "right": r.id, "type": case.pick("inner", "left", "outer"), "joiner": joiner, **keeps})
    elif kind == "foreign" and tables:
        sources = [t for t in tables if t.inherits or "keySerde" in next(o for o in case.topology if o.get("id") == t.id)]
        if not sources:
            return
        l, r = case.random.choice(sources), case.random.choice(sources)
        joiner, value = joined(case, l.value, r.value)
        case.order = "key"
        case.result("join", "table", "string", value, {
            "left": l.id, "right": r.id, "type": case.pick("inner", "left"), "joiner": joiner,
            "foreignKey": case.pick("value>text>field:0", "value>text>first:1", "value>text>null-if-starts:a>first:1", "key", "pair>field:1>first:1"),
            "store": case.name("store"), "keySerde": "string", "valueSerde": value})


# ---- input ------------------------------------------------------------------------------------------------------------------------------

KEYS = "abcd"
TEXTS = ["a", "b", "c", "ab", "a|b", "b|c", "c|a|b", "5", "7", "-3", "12", "xy", "", "b c"]
COMMANDS = ["put|x", "put|y", "absent|z", "delete", "get", "range|a|c", "reverse|a|", "all", "prefix|b", "what"]


def events(case, seed):
    r = random.Random(f"{case.seed}/{seed}")
    has_commands = any(op.get("processor") == "commands" for op in case.topology)
    now, found = 0, []
    for _ in range(r.randint(30, 70)):
        if r.random() < 0.06:
            found.append({"wallClock": r.choice([5, 15, 40])})
            continue
        topic = r.choice(case.inputs)
        now += r.choice([0, 1, 1, 2, 3, 5, 8, 25 if r.random() < 0.3 else 4])
        event = {"topic": topic, "key": None if case.nulls and r.random() < 0.05 else r.choice(KEYS)}
        if r.random() < 0.12:
            event["value"] = None
        elif case.topics[topic]["value"] == "long":
            event["value"] = r.randint(-3, 12)
        else:
            event["value"] = r.choice(COMMANDS if has_commands and r.random() < 0.4 else TEXTS)
        event["ts"] = max(0, now - r.randint(1, 40)) if r.random() < 0.25 else now
        if r.random() < 0.15:
            event["headers"] = [["tag", r.choice(["t1", "t2"])]]
        found.append(event)
    return found


def close_off(case):
    """Every result that nothing reads goes to a topic."""
    read = set()
    for op in case.topology:
        for field in ("in", "left", "right"):
            read |= set(op[field]) if isinstance(op.get(field), list) else {op.get(field)}
        read |= {part["in"] for part in op.get("parts", [])}
    for handle in list(case.handles):
        if handle.id in read:
            continue
        if handle.kind == "table" and not hasattr(handle, "unlimited"):
            handle = to_stream(case, handle)
        elif handle.kind == "table":
            handle = case.result("toStream", "stream", "string", handle.value, {"in": handle.id, "key": "key>text"})
        if handle.kind == "stream":
            case.add("to", **{"in": handle.id}, topic=case.topic(handle.key, handle.value, "out"))


def make(seed):
    case = Case(seed)
    if case.chance(0.15):
        case.config["emitInterval"] = case.pick(10, 1000)
    if case.chance(0.15):
        case.config["optimization"] = "all"
    for _ in range(case.random.randint(1, 3)):
        case.random.choice([add_stream, add_stream, add_table])(case)
    if case.chance(0.25):
        add_global(case)
    if not case.of("stream") and case.chance(0.7):
        add_stream(case)
    steps = [stateless, stateless, aggregate, aggregate, table_operator, table_operator, join, join, processors, group]
    for _ in range(case.random.randint(1, 7)):
        step = case.random.choice(steps)
        if step is stateless and not case.of("stream"):
            continue
        step(case)
    close_off(case)
    document = {"format": 1, "name": f"random/{seed}", "about": "random topology", "quirks": sorted(case.quirks), "config": case.config,
                "topics": case.topics, "topology": case.topology, "info": {},
                "runs": [{"seed": n, "events": events(case, n)} for n in (1, 2)]}
    if case.order:
        document["order"] = case.order
    return document


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("out")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for seed in range(options.seed, options.seed + options.cases):
        with open(os.path.join(options.out, f"{seed}.json"), "w") as file:
            json.dump(make(seed), file)


if __name__ == "__main__":
    main()
