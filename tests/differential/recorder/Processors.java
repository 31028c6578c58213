import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/** The processors of the vocabulary by name. */
final class Processors {
    private Processors() {
    }

    static Processor<Object, Object, Object, Object> create(String name, JsonNode args, JsonNode stores) {
        String store = stores == null || stores.isEmpty() ? null : stores.get(0).asText();
        return switch (name) {
            case "dedupe" -> new Dedupe(store, args.get("within").asLong());
            case "running-max" -> new RunningMax(store);
            case "count-punctuate" -> new CountPunctuate(store, args);
            case "tick" -> new Tick(args);
            case "window-lookup" -> new WindowLookup(store, args.get("span").asLong());
            case "session-merge" -> new SessionMerge(store, args.get("gap").asLong());
            case "ttl" -> new TimeToLive(store, args.get("ttl").asLong(), args.get("interval").asLong());
            case "headers" -> new HeaderStamp();
            case "retime" -> new Stateless((r, c) -> c.forward(r.withTimestamp(Math.max(0, r.timestamp() + args.get("shift").asLong()))));
            case "global-read" -> new GlobalRead(args.get("store").asText());
            case "clock" -> new Stateless((r, c) -> c.forward(
                r.withValue(Values.text(r.value()) + "@" + c.currentStreamTimeMs() + "/" + c.currentSystemTimeMs())));
            case "metadata" -> new Stateless((r, c) -> {
                var at = c.recordMetadata().orElseThrow();
                c.forward(r.withValue(Values.text(r.value()) + "@" + at.topic() + "-" + at.partition() + "-" + at.offset()));
            });
            case "fan-out" -> new Stateless((r, c) -> {
                for (int i = 0; i < args.get("copies").asInt(); i++) {
                    c.forward(r.withKey(r.key() == null ? null : Values.text(r.key()) + i));
                }
            });
            case "commands" -> new Commands(store);
            default -> throw new IllegalArgumentException("unknown processor " + name);
        };
    }

    static FixedKeyProcessor<Object, Object, Object> createFixedKey(String name, JsonNode stores) {
        return switch (name) {
            case "number" -> new Numbering(stores.get(0).asText());
            case "twice" -> new Twice();
            default -> throw new IllegalArgumentException("unknown processor " + name);
        };
    }

    private static PunctuationType punctuation(JsonNode args) {
        return args.get("type").asText().equals("wall-clock") ? PunctuationType.WALL_CLOCK_TIME : PunctuationType.STREAM_TIME;
    }

    private interface Body {
        void process(Record<Object, Object> record, ProcessorContext<Object, Object> context);
    }

    private static final class Stateless extends ContextualProcessor<Object, Object, Object, Object> {
        private final Body body;

        Stateless(Body body) {
            this.body = body;
        }

        @Override
        public void process(Record<Object, Object> record) {
            body.process(record, context());
        }
    }

    /** A processor with one store of its own. */
    private abstract static class WithStore<S extends StateStore> extends ContextualProcessor<Object, Object, Object, Object> {
        private final String name;
        S store;

        WithStore(String name) {
            this.name = name;
        }

        @Override
        public void init(ProcessorContext<Object, Object> context) {
            super.init(context);
            store = context.getStateStore(name);
        }
    }

    private static final class Dedupe extends WithStore<KeyValueStore<String, Long>> {
        private final long within;

        Dedupe(String name, long within) {
            super(name);
            this.within = within;
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() == null || r.value() == null) {
                return;
            }
            String id = Values.text(r.key()) + "/" + Values.text(r.value());
            Long last = store.get(id);
            if (last == null || Math.abs(r.timestamp() - last) > within) {
                store.put(id, r.timestamp());
                context().forward(r);
            } else if (r.timestamp() > last) {
                store.put(id, r.timestamp());
            }
        }
    }

    private static final class RunningMax extends WithStore<KeyValueStore<Object, Long>> {
        RunningMax(String name) {
            super(name);
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() == null || r.value() == null) {
                return;
            }
            long v = Values.num(r.value());
            Long stored = store.get(r.key());
            if (stored == null || v > stored) {
                store.put(r.key(), v);
                context().forward(r.withValue((Object) v), "high");
            } else {
                context().forward(r.withValue((Object) stored), "low");
            }
        }
    }

    private static final class CountPunctuate extends WithStore<KeyValueStore<Object, Long>> {
        private final JsonNode args;

        CountPunctuate(String name, JsonNode args) {
            super(name);
            this.args = args;
        }

        @Override
        public void init(ProcessorContext<Object, Object> context) {
            super.init(context);
            context.schedule(Duration.ofMillis(args.get("interval").asLong()), punctuation(args), this::punctuate);
        }

        private void punctuate(long now) {
            List<KeyValue<Object, Long>> rows = new ArrayList<>();
            try (KeyValueIterator<Object, Long> all = store.all()) {
                all.forEachRemaining(rows::add);
            }
            for (KeyValue<Object, Long> row : rows) {
                context().forward(new Record<>(row.key, row.value, now));
            }
            if (args.path("clear").asBoolean()) {
                rows.forEach(row -> store.delete(row.key));
            }
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() != null) {
                Long n = store.get(r.key());
                store.put(r.key(), n == null ? 1L : n + 1);
            }
        }
    }

    private static final class Tick extends ContextualProcessor<Object, Object, Object, Object> {
        private final JsonNode args;
        private Cancellable schedule;
        private int n;

        Tick(JsonNode args) {
            this.args = args;
        }

        @Override
        public void init(ProcessorContext<Object, Object> context) {
            super.init(context);
            schedule = context.schedule(Duration.ofMillis(args.get("interval").asLong()), punctuation(args), now -> {
                n++;
                context.forward(new Record<>("tick", String.valueOf(n), now));
                if (n == args.get("times").asInt()) {
                    schedule.cancel();
                }
            });
        }

        @Override
        public void process(Record<Object, Object> r) {
            context().forward(r);
        }
    }

    private static final class WindowLookup extends WithStore<WindowStore<Object, Object>> {
        private final long span;

        WindowLookup(String name, long span) {
            super(name);
            this.span = span;
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() == null || r.value() == null) {
                return;
            }
            List<String> seen = new ArrayList<>();
            try (WindowStoreIterator<Object> rows = store.fetch(r.key(), Math.max(0, r.timestamp() - span), r.timestamp())) {
                rows.forEachRemaining(row -> seen.add(Values.text(row.value) + "@" + row.key));
            }
            store.put(r.key(), r.value(), r.timestamp());
            context().forward(r.withValue((Object) (String.join(",", seen) + "|" + Values.text(r.value()))));
        }
    }

    private static final class SessionMerge extends WithStore<SessionStore<Object, Object>> {
        private final long gap;

        SessionMerge(String name, long gap) {
            super(name);
            this.gap = gap;
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() == null || r.value() == null) {
                return;
            }
            long t = r.timestamp();
            List<KeyValue<Windowed<Object>, Object>> found = new ArrayList<>();
            try (KeyValueIterator<Windowed<Object>, Object> rows = store.findSessions(r.key(), t - gap, t + gap)) {
                rows.forEachRemaining(found::add);
            }
            StringBuilder text = new StringBuilder();
            long start = t;
            long end = t;
            for (KeyValue<Windowed<Object>, Object> row : found) {
                store.remove(row.key);
                text.append(Values.text(row.value));
                start = Math.min(start, row.key.window().start());
                end = Math.max(end, row.key.window().end());
            }
            text.append(Values.text(r.value()));
            store.put(new Windowed<>(r.key(), new SessionWindow(start, end)), text.toString());
            context().forward(r.withValue((Object) (text + "@" + start + "-" + end)));
        }
    }

    private static final class TimeToLive extends WithStore<TimestampedKeyValueStore<Object, Object>> {
        private final long ttl;
        private final long interval;

        TimeToLive(String name, long ttl, long interval) {
            super(name);
            this.ttl = ttl;
            this.interval = interval;
        }

        @Override
        public void init(ProcessorContext<Object, Object> context) {
            super.init(context);
            context.schedule(Duration.ofMillis(interval), PunctuationType.STREAM_TIME, this::punctuate);
        }

        private void punctuate(long now) {
            List<Object> old = new ArrayList<>();
            try (KeyValueIterator<Object, ValueAndTimestamp<Object>> rows = store.all()) {
                rows.forEachRemaining(row -> {
                    if (row.value.timestamp() <= now - ttl) {
                        old.add(row.key);
                    }
                });
            }
            for (Object key : old) {
                store.delete(key);
                context().forward(new Record<>(key, null, now));
            }
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() == null) {
                return;
            }
            if (r.value() == null) {
                store.delete(r.key());
            } else {
                store.put(r.key(), ValueAndTimestamp.make(r.value(), r.timestamp()));
            }
            context().forward(r);
        }
    }

    private static final class HeaderStamp extends ContextualProcessor<Object, Object, Object, Object> {
        @Override
        public void process(Record<Object, Object> r) {
            Header tag = r.headers().lastHeader("tag");
            String seen = tag == null ? "none" : new String(tag.value(), StandardCharsets.UTF_8).toUpperCase(java.util.Locale.ROOT);
            Headers all = new org.apache.kafka.common.header.internals.RecordHeaders(r.headers().toArray());
            all.add("seen", seen.getBytes(StandardCharsets.UTF_8));
            context().forward(r.withHeaders(all));
        }
    }

    private static final class GlobalRead extends ContextualProcessor<Object, Object, Object, Object> {
        private final String name;

        GlobalRead(String name) {
            this.name = name;
        }

        @Override
        public void process(Record<Object, Object> r) {
            KeyValueStore<Object, Object> store = context().getStateStore(name);
            Object found = r.value() == null ? null : store.get(Values.text(r.value()));
            Object value = found instanceof ValueAndTimestamp<?> v ? v.value() : found;
            context().forward(r.withValue((Object) Folds.pair(r.value(), value)));
        }
    }

    private static final class Commands extends WithStore<KeyValueStore<String, String>> {
        Commands(String name) {
            super(name);
        }

        @Override
        public void process(Record<Object, Object> r) {
            if (r.key() == null || r.value() == null) {
                return;
            }
            String key = Values.text(r.key());
            String[] words = (Values.text(r.value()) + "| ").split("\\|", -1);
            String first = words.length > 2 ? words[1] : "";
            String second = words.length > 3 ? words[2] : "";
            String answer = switch (words[0]) {
                case "put" -> {
                    store.put(key, first);
                    yield "ok";
                }
                case "absent" -> Values.text(store.putIfAbsent(key, first));
                case "delete" -> Values.text(store.delete(key));
                case "get" -> Values.text(store.get(key));
                case "range" -> rows(store.range(bound(first), bound(second)));
                case "reverse" -> rows(store.reverseRange(bound(first), bound(second)));
                case "all" -> rows(store.all());
                case "prefix" -> rows(store.prefixScan(first, new org.apache.kafka.common.serialization.StringSerializer()));
                default -> "?";
            };
            context().forward(r.withValue((Object) answer));
        }

        private static String bound(String text) {
            return text.isEmpty() ? null : text;
        }

        private static String rows(KeyValueIterator<String, String> rows) {
            List<String> found = new ArrayList<>();
            try (rows) {
                rows.forEachRemaining(row -> found.add(row.key + "=" + row.value));
            }
            return String.join(",", found);
        }
    }

    private static final class Numbering extends ContextualFixedKeyProcessor<Object, Object, Object> {
        private final String name;

        Numbering(String name) {
            this.name = name;
        }

        @Override
        public void process(FixedKeyRecord<Object, Object> r) {
            if (r.key() == null) {
                context().forward(r.withValue((Object) (Values.text(r.value()) + "#-")));
                return;
            }
            KeyValueStore<Object, Long> store = context().getStateStore(name);
            long n = Objects.requireNonNullElse(store.get(r.key()), 0L) + 1;
            store.put(r.key(), n);
            context().forward(r.withValue((Object) (Values.text(r.value()) + "#" + n)));
        }
    }

    private static final class Twice extends ContextualFixedKeyProcessor<Object, Object, Object> {
        @Override
        public void process(FixedKeyRecord<Object, Object> r) {
            if (r.value() != null) {
                context().forward(r.withValue((Object) (Values.text(r.value()) + "/1")));
                context().forward(r.withValue((Object) (Values.text(r.value()) + "/2")));
            }
        }
    }
}
