import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.kstream.SessionWindowedDeserializer;
import org.apache.kafka.streams.kstream.SessionWindowedSerializer;
import org.apache.kafka.streams.kstream.TimeWindowedDeserializer;
import org.apache.kafka.streams.kstream.TimeWindowedSerializer;
import org.apache.kafka.streams.kstream.Windowed;

/** A type by its word: how it is written to topics, and how to JSON. */
@SuppressWarnings({"unchecked", "rawtypes"})
final class Types {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Types() {
    }

    static Serde<Object> serde(JsonNode type) {
        if (type == null || type.isNull()) {
            return null;
        }
        if (type.isObject()) {
            Serde inner = serde(type.get("inner"));
            return type.get("windowed").asText().equals("session")
                ? (Serde) Serdes.serdeFrom(new SessionWindowedSerializer(inner.serializer()), new SessionWindowedDeserializer(inner.deserializer()))
                : (Serde) Serdes.serdeFrom(
                    new TimeWindowedSerializer(inner.serializer()), new TimeWindowedDeserializer(inner.deserializer(), type.get("size").asLong()));
        }
        return switch (type.asText()) {
            case "string" -> (Serde) Serdes.String();
            case "long" -> (Serde) Serdes.Long();
            case "int" -> (Serde) Serdes.Integer();
            case "double" -> (Serde) Serdes.Double();
            case "bytes" -> (Serde) Serdes.ByteArray();
            case "list" -> (Serde) Serdes.serdeFrom(LIST_WRITER, LIST_READER);
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    static Object read(JsonNode type, JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (type.isObject()) {
            throw new IllegalArgumentException("windowed keys are not sent");
        }
        return switch (type.asText()) {
            case "long" -> value.asLong();
            case "int" -> value.asInt();
            case "double" -> value.asDouble();
            case "bytes" -> HexFormat.of().parseHex(value.asText());
            case "list" -> {
                List<Object> items = new ArrayList<>();
                value.forEach(i -> items.add(i.asText()));
                yield items;
            }
            default -> value.asText();
        };
    }

    static JsonNode write(Object x) {
        if (x == null) {
            return NODES.nullNode();
        }
        if (x instanceof Windowed<?> w) {
            ObjectNode node = NODES.objectNode();
            node.set("k", write(w.key()));
            node.put("start", w.window().start());
            node.put("end", w.window().end());
            return node;
        }
        return x instanceof byte[] bytes ? NODES.textNode(HexFormat.of().formatHex(bytes)) : JSON.valueToTree(x);
    }

    private static final Serializer<List<Object>> LIST_WRITER = (topic, list) -> {
        try {
            return list == null ? null : JSON.writeValueAsBytes(list);
        } catch (java.io.IOException e) {
            throw new SerializationException(e);
        }
    };

    private static final Deserializer<List<Object>> LIST_READER = (topic, bytes) -> {
        try {
            return bytes == null ? null : JSON.readValue(bytes, List.class);
        } catch (java.io.IOException e) {
            throw new SerializationException(e);
        }
    };
}
