import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.Merger;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.ValueJoiner;

/** Initial values, aggregators, mergers, reducers and joiners by their names. */
final class Folds {
    private Folds() {
    }

    static Initializer<Object> initial(String word) {
        if (word.equals("null")) {
            return () -> null;
        }
        if (word.equals("list")) {
            return List::of;
        }
        String argument = word.substring(word.indexOf(':') + 1);
        if (word.startsWith("long:")) {
            return () -> Long.parseLong(argument);
        }
        return word.startsWith("double:") ? () -> Double.parseDouble(argument) : () -> argument;
    }

    static Aggregator<Object, Object, Object> aggregator(String word) {
        if (word.startsWith("concat-until:")) {
            int limit = Integer.parseInt(word.substring(13));
            return (k, v, a) -> limited(text(a) + Values.tilde(v), limit);
        }
        return switch (word) {
            case "count" -> (k, v, a) -> Values.num(a) + 1;
            case "add" -> (k, v, a) -> Values.num(a) + Values.num(v);
            case "subtract" -> (k, v, a) -> Values.num(a) - Values.num(v);
            case "add-double" -> (k, v, a) -> (a == null ? 0 : (Double) a) + (v == null ? 0 : (Double) v);
            case "concat" -> (k, v, a) -> text(a) + Values.tilde(v);
            case "concat-key" -> (k, v, a) -> text(a) + Values.text(k) + Values.tilde(v);
            case "unconcat" -> (k, v, a) -> without(a, Values.tilde(v));
            case "append" -> (k, v, a) -> appended(a, Values.text(v));
            case "remove" -> (k, v, a) -> removed(a, Values.text(v));
            case "max" -> (k, v, a) -> v == null ? a : a == null ? (Object) Values.num(v) : (Object) Math.max(Values.num(a), Values.num(v));
            case "min" -> (k, v, a) -> v == null ? a : a == null ? (Object) Values.num(v) : (Object) Math.min(Values.num(a), Values.num(v));
            default -> throw new IllegalArgumentException("unknown aggregator " + word);
        };
    }

    static Merger<Object, Object> merger(String word) {
        return switch (word) {
            case "merge-add" -> (k, a, b) -> Values.num(a) + Values.num(b);
            case "merge-max" -> (k, a, b) -> a == null ? b : b == null ? a : (Object) Math.max(Values.num(a), Values.num(b));
            case "merge-concat" -> (k, a, b) -> text(a) + text(b);
            case "merge-list" -> (k, a, b) -> {
                List<Object> all = new ArrayList<>((List<?>) a);
                all.addAll((List<?>) b);
                return all;
            };
            default -> throw new IllegalArgumentException("unknown merger " + word);
        };
    }

    static Reducer<Object> reducer(String word) {
        if (word.startsWith("concat-until:")) {
            int limit = Integer.parseInt(word.substring(13));
            return (a, b) -> limited(Values.tilde(a) + Values.tilde(b), limit);
        }
        return switch (word) {
            case "add" -> (a, b) -> a == null ? b : b == null ? a : (Object) (Values.num(a) + Values.num(b));
            case "subtract" -> (a, b) -> a == null ? b : b == null ? a : (Object) (Values.num(a) - Values.num(b));
            case "concat" -> (a, b) -> Values.tilde(a) + Values.tilde(b);
            case "max" -> (a, b) -> a == null ? b : b == null ? a : compare(a, b) >= 0 ? a : b;
            case "min" -> (a, b) -> a == null ? b : b == null ? a : compare(a, b) <= 0 ? a : b;
            case "first" -> (a, b) -> a;
            case "last" -> (a, b) -> b;
            default -> throw new IllegalArgumentException("unknown reducer " + word);
        };
    }

    static ValueJoiner<Object, Object, Object> joiner(String word) {
        return switch (word) {
            case "pair" -> Folds::pair;
            case "sum" -> (l, r) -> Values.num(l) + Values.num(r);
            case "right" -> (l, r) -> r;
            case "either" -> (l, r) -> l != null ? l : r;
            case "null-if-same" -> (l, r) -> Values.text(l).equals(Values.text(r)) ? null : pair(l, r);
            case "list" -> (l, r) -> List.of(Values.text(l), Values.text(r));
            default -> throw new IllegalArgumentException("unknown joiner " + word);
        };
    }

    static String pair(Object left, Object right) {
        return "(" + Values.text(left) + "," + Values.text(right) + ")";
    }

    private static int compare(Object a, Object b) {
        return a instanceof String s && b instanceof String t ? s.compareTo(t) : Double.compare(number(a), number(b));
    }

    private static double number(Object x) {
        return x instanceof Double d ? d : Values.num(x);
    }

    private static String text(Object a) {
        return a == null ? "" : (String) a;
    }

    private static String limited(String text, int limit) {
        return text.length() > limit ? null : text;
    }

    private static Object without(Object a, String part) {
        String text = text(a);
        int at = text.indexOf(part);
        return at < 0 ? a : text.substring(0, at) + text.substring(at + part.length());
    }

    private static List<Object> appended(Object a, String item) {
        List<Object> all = a == null ? new ArrayList<>() : new ArrayList<>((List<?>) a);
        all.add(item);
        return all;
    }

    private static Object removed(Object a, String item) {
        if (a == null) {
            return null;
        }
        List<Object> all = new ArrayList<>((List<?>) a);
        all.remove(item);
        return all;
    }
}
