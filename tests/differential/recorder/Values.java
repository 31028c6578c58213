import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.kstream.Windowed;

/** The two views of any value that expressions and folds are defined on. */
final class Values {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private Values() {
    }

    static String text(Object x) {
        if (x == null) {
            return "null";
        }
        if (x instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (x instanceof List<?> list) {
            return list.stream().map(Values::text).collect(Collectors.joining(","));
        }
        if (x instanceof Windowed<?> w) {
            return text(w.key()) + "@" + w.window().start() + "-" + w.window().end();
        }
        return String.valueOf(x);
    }

    static long num(Object x) {
        if (x == null) {
            return 0;
        }
        if (x instanceof Long || x instanceof Integer) {
            return ((Number) x).longValue();
        }
        if (x instanceof Double d) {
            return (long) Math.floor(d);
        }
        if (x instanceof String s) {
            return WHOLE.matcher(s).matches() ? Long.parseLong(s) : 0;
        }
        return x instanceof List<?> list ? list.size() : 0;
    }

    static String tilde(Object x) {
        return x == null ? "~" : text(x);
    }
}
