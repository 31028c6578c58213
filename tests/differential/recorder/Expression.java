import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An expression over the current key and value: {@code source>step>step}. */
final class Expression {
    private final String source;
    private final List<Step> steps = new ArrayList<>();

    private record Step(String word, String argument) {
        int number() {
            return Integer.parseInt(argument);
        }

        long left() {
            return Long.parseLong(argument.substring(0, argument.indexOf(':')));
        }

        long right() {
            return Long.parseLong(argument.substring(argument.indexOf(':') + 1));
        }
    }

    Expression(String text) {
        String[] parts = text.split(">", -1);
        source = parts[0];
        for (String part : Arrays.copyOfRange(parts, 1, parts.length)) {
            int colon = part.indexOf(':');
            steps.add(colon < 0 ? new Step(part, "") : new Step(part.substring(0, colon), part.substring(colon + 1)));
        }
    }

    boolean test(Object key, Object value) {
        return Boolean.TRUE.equals(apply(key, value));
    }

    Object apply(Object key, Object value) {
        Object x;
        if (source.equals("key")) {
            x = key;
        } else if (source.equals("value")) {
            x = value;
        } else if (source.equals("pair")) {
            x = Values.text(key) + "/" + Values.text(value);
        } else if (source.startsWith("const:")) {
            x = source.substring(6);
        } else if (source.equals("null")) {
            x = null;
        } else {
            throw new IllegalArgumentException("unknown source " + source);
        }
        for (Step step : steps) {
            x = apply(step, x);
        }
        return x;
    }

    private static Object apply(Step step, Object x) {
        switch (step.word) {
            case "is-null":
                return x == null;
            case "not-null":
                return x != null;
            case "not":
                return !Boolean.TRUE.equals(x);
            case "default":
                return x == null ? step.argument : x;
            case "gt", "lt", "eq", "starts", "contains", "longer", "mod-is":
                return x != null && test(step, x);
            default:
                return x == null ? null : map(step, x);
        }
    }

    private static boolean test(Step step, Object x) {
        return switch (step.word) {
            case "gt" -> Values.num(x) > Long.parseLong(step.argument);
            case "lt" -> Values.num(x) < Long.parseLong(step.argument);
            case "eq" -> Values.text(x).equals(step.argument);
            case "starts" -> Values.text(x).startsWith(step.argument);
            case "contains" -> Values.text(x).contains(step.argument);
            case "longer" -> Values.text(x).length() > step.number();
            case "mod-is" -> Math.floorMod(Values.num(x), step.left()) == step.right();
            default -> throw new IllegalArgumentException("unknown test " + step.word);
        };
    }

    private static Object map(Step step, Object x) {
        return switch (step.word) {
            case "text" -> Values.text(x);
            case "long" -> Values.num(x);
            case "int" -> (int) Values.num(x);
            case "double" -> x instanceof Double ? x : (Object) (double) Values.num(x);
            case "upper" -> Values.text(x).toUpperCase(java.util.Locale.ROOT);
            case "lower" -> Values.text(x).toLowerCase(java.util.Locale.ROOT);
            case "reverse" -> new StringBuilder(Values.text(x)).reverse().toString();
            case "prefix" -> step.argument + Values.text(x);
            case "suffix" -> Values.text(x) + step.argument;
            case "first" -> Values.text(x).substring(0, Math.min(step.number(), Values.text(x).length()));
            case "length" -> (long) Values.text(x).length();
            case "field" -> field(Values.text(x), step.number());
            case "add" -> x instanceof Integer i ? (Object) (i + step.number())
                : x instanceof Double d ? (Object) (d + Long.parseLong(step.argument))
                : (Object) (Values.num(x) + Long.parseLong(step.argument));
            case "times" -> x instanceof Integer i ? (Object) (i * step.number())
                : x instanceof Double d ? (Object) (d * Long.parseLong(step.argument))
                : (Object) (Values.num(x) * Long.parseLong(step.argument));
            case "mod" -> modulo(x, Long.parseLong(step.argument));
            case "null-if" -> Values.text(x).equals(step.argument) ? null : x;
            case "null-if-starts" -> Values.text(x).startsWith(step.argument) ? null : x;
            case "null-if-gt" -> Values.num(x) > Long.parseLong(step.argument) ? null : x;
            case "null-if-mod" -> Math.floorMod(Values.num(x), step.left()) == step.right() ? null : x;
            case "words" -> split(Values.text(x), " ");
            case "split" -> split(Values.text(x), step.argument);
            case "letters" -> letters(Values.text(x));
            case "repeat" -> java.util.Collections.nCopies(step.number(), x);
            case "inner" -> ((org.apache.kafka.streams.kstream.Windowed<?>) x).key();
            case "window-start" -> ((org.apache.kafka.streams.kstream.Windowed<?>) x).window().start();
            case "window-end" -> ((org.apache.kafka.streams.kstream.Windowed<?>) x).window().end();
            case "throw-if-starts" -> {
                if (Values.text(x).startsWith(step.argument)) {
                    throw new IllegalStateException("thrown for " + Values.text(x));
                }
                yield x;
            }
            case "throw-if-gt" -> {
                if (Values.num(x) > Long.parseLong(step.argument)) {
                    throw new IllegalStateException("thrown for " + Values.text(x));
                }
                yield x;
            }
            default -> throw new IllegalArgumentException("unknown step " + step.word);
        };
    }

    private static Object modulo(Object x, long n) {
        if (x instanceof Integer i) {
            return (int) Math.floorMod((long) i, n);
        }
        return x instanceof Double d ? (Object) (d - n * Math.floor(d / n)) : (Object) Math.floorMod(Values.num(x), n);
    }

    private static String field(String text, int index) {
        String[] parts = text.split("\\|", -1);
        return index < parts.length && !parts[index].isEmpty() ? parts[index] : null;
    }

    private static List<Object> letters(String text) {
        List<Object> found = new ArrayList<>();
        for (char c : text.toCharArray()) {
            found.add(String.valueOf(c));
        }
        return found;
    }

    private static List<Object> split(String text, String separator) {
        return text.isEmpty() ? List.of() : List.of((Object[]) text.split(java.util.regex.Pattern.quote(separator), -1));
    }
}
