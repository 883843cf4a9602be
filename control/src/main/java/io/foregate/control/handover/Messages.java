package io.foregate.control.handover;

import io.foregate.control.os.InheritedSockets;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Estate;
import io.foregate.control.run.Passed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the two processes say to each other, in JSON, so that versions may add to it; {@link #PROTOCOL} changes when they can't
 * understand each other any more. Stateless.
 *
 * <pre>
 * new: hello    its protocol, process id and version
 * old: estate   the configuration in force, what is known of servers, secrets, and which sockets follow
 * old: the descriptors
 * new: serving  it accepts; or failed, and why
 * old: yours    it has stopped accepting, and ends when what it has is done
 * old: free     the admin API's place can be had
 * </pre>
 */
final class Messages {
    static final int PROTOCOL = 1;

    private static final String SAYS = "says";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Messages() {}

    /** Who a process is. */
    record Hello(long pid, String version) {}

    /**
     * @param config what to run with; null for what the command line names
     * @param wishes what is known of servers
     */
    record Offer(@Nullable Source config, Estate estate, JsonNode wishes) {}

    private static ObjectNode saying(String what) {
        return JSON.createObjectNode().put(SAYS, what);
    }

    /** One that says nothing else. */
    static String plain(String what) {
        return saying(what).toString();
    }

    static String hello(Hello hello) {
        return saying("hello")
                .put("protocol", PROTOCOL)
                .put("pid", hello.pid)
                .put("version", hello.version)
                .toString();
    }

    static String failed(String why) {
        return saying("failed").put("why", why).toString();
    }

    static String offer(Offer offer) {
        ObjectNode tree = saying("estate").put("protocol", PROTOCOL);
        Source config = offer.config;
        if (config != null) {
            tree.putObject("config").put("name", config.name()).put("text", config.text());
        }
        ArrayNode keys = tree.putArray("ticketKeys");
        offer.estate.ticketKeys().forEach(keys::add);
        tree.put("stickyKey", offer.estate.stickyKey());
        ArrayNode listeners = tree.putArray("listeners");
        for (Passed passed : offer.estate.listeners()) {
            listeners
                    .addObject()
                    .put("name", passed.label().listener())
                    .put("address", passed.label().address())
                    .put("sockets", passed.descriptors().size());
        }
        tree.set("wishes", offer.wishes);
        return tree.toString();
    }

    /**
     * Reads a message.
     *
     * @throws IOException when it isn't one, or says something else than {@code wanted} and isn't a failure
     */
    static JsonNode read(String text, String wanted) throws IOException {
        try {
            JsonNode tree = JSON.readTree(text);
            String says = tree.path(SAYS).asString("");
            if (!says.equals(wanted) && !says.equals("failed")) {
                throw new IOException("the other process says \"" + says + "\" where \"" + wanted + "\" was expected");
            }
            int protocol = tree.path("protocol").asInt(PROTOCOL);
            if (protocol != PROTOCOL) {
                throw new IOException("the other process speaks version " + protocol
                        + " of the hand-over's protocol, and this one " + PROTOCOL);
            }
            return tree;
        } catch (JacksonException e) {
            throw new IOException("what the other process says can't be read: " + e.getOriginalMessage(), e);
        }
    }

    /** Why the other process can't go on; null when it can. */
    static @Nullable String failure(JsonNode message) {
        return message.path(SAYS).asString("").equals("failed")
                ? message.path("why").asString("it doesn't say why")
                : null;
    }

    static Hello hello(JsonNode tree) {
        return new Hello(tree.path("pid").asLong(0), tree.path("version").asString(""));
    }

    /** The offer, but for the descriptors, which follow it: as many in each listener as there will be. */
    static Offer offer(JsonNode tree) {
        JsonNode config = tree.path("config");
        Source source =
                config.isObject() ? new Source(config.path("name").asString(""), bytes(config.path("text"))) : null;
        List<byte[]> keys = new ArrayList<>();
        tree.path("ticketKeys").forEach(key -> keys.add(bytes(key)));
        List<Passed> listeners = new ArrayList<>();
        for (JsonNode one : tree.path("listeners")) {
            InheritedSockets.Label label = new InheritedSockets.Label(
                    one.path("name").asString(""), one.path("address").asString(""));
            listeners.add(
                    new Passed(label, Collections.nCopies(one.path("sockets").asInt(0), -1)));
        }
        return new Offer(source, new Estate(listeners, keys, bytes(tree.path("stickyKey"))), tree.path("wishes"));
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asString(""));
    }
}
