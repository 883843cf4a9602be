package io.foregate.control.rollout;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Name;
import io.foregate.control.rollout.Progress.Phase;
import io.foregate.control.rollout.RolloutPlan.Wish;
import io.foregate.control.rollout.RolloutView.Event;
import io.foregate.control.rollout.RolloutView.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rollouts of a process in one file, as JSON, so that the next process goes on with them. It appears whole or not at all. Used by
 * one {@link Rollouts}, under its lock.
 */
final class RolloutFile {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutFile.class);

    private final Path file;
    private boolean broken;

    RolloutFile(Path file) {
        this.file = file;
    }

    /** What is there. What can't be read is left out with a warning. */
    List<Rollout> read() {
        List<Rollout> found = new ArrayList<>();
        if (!Files.exists(file)) {
            return found;
        }
        try {
            for (JsonNode one :
                    JsonMapper.shared().readTree(Files.readAllBytes(file)).path("rollouts")) {
                add(one, found);
            }
        } catch (IOException | JacksonException e) {
            LOG.warn("{} can't be read, so no rollout goes on: {}", file, e.toString());
        }
        return found;
    }

    private void add(JsonNode one, List<Rollout> found) {
        try {
            found.add(read(one));
        } catch (IllegalArgumentException | DateTimeException | BadValue | RolloutRefused e) {
            LOG.warn(
                    "{} holds a rollout of pool {} that can't be read, so it doesn't go on: {}",
                    file,
                    text(one, "from"),
                    e.toString());
        }
    }

    private static Rollout read(JsonNode one) throws BadValue, RolloutRefused {
        List<String> steps = new ArrayList<>();
        one.path("steps").forEach(step -> steps.add(step.asString("")));
        Wish wish = new Wish(text(one, "to"), steps, text(one, "every"), text(one, "guard"), text(one, "by"));
        RolloutPlan plan = RolloutPlan.of(Name.parse(text(one, "from")), wish);
        List<Event> events = new ArrayList<>();
        one.path("events")
                .forEach(event -> events.add(new Event(Instant.parse(text(event, "time")), text(event, "text"))));
        int step = Math.clamp(one.path("step").asInt(0), 0, plan.lastStep());
        Progress progress = new Progress(
                Phase.valueOf(text(one, "phase").toUpperCase(Locale.ROOT)),
                step,
                Math.max(0, one.path("elapsedMillis").asLong(0)),
                text(one, "note"),
                Instant.parse(text(one, "since")));
        return new Rollout(
                plan,
                new Origin(
                        text(one, "author"),
                        Instant.parse(text(one, "started")),
                        one.path("sameServers").asBoolean(false)),
                progress,
                events);
    }

    private static String text(JsonNode tree, String key) {
        return tree.path(key).asString("");
    }

    /** Writes all of them; a folder that can't be written is said once, and costs nothing but that. */
    void write(Collection<Rollout> rollouts) {
        ObjectNode tree = JsonMapper.shared().createObjectNode();
        ArrayNode all = tree.putArray("rollouts");
        rollouts.forEach(rollout -> write(rollout, all.addObject()));
        try {
            put((tree.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
            broken = false;
        } catch (IOException e) {
            if (!broken) {
                broken = true;
                LOG.warn("rollouts can't be kept in {} ({}); they end with this process", file, e.toString());
            }
        }
    }

    private static void write(Rollout rollout, ObjectNode one) {
        RolloutPlan plan = rollout.plan();
        Progress progress = rollout.progress();
        one.put("from", plan.from().text());
        one.put("to", plan.to().text());
        ArrayNode steps = one.putArray("steps");
        plan.steps().forEach(step -> steps.add(step.toString()));
        one.put("every", plan.every().toString());
        one.put("guard", plan.guard().toString());
        one.put("by", plan.by().text());
        one.put("author", rollout.origin().author());
        one.put("started", rollout.origin().started().toString());
        one.put("sameServers", rollout.origin().sameServers());
        one.put("phase", progress.phase().name().toLowerCase(Locale.ROOT));
        one.put("step", progress.step());
        one.put("elapsedMillis", progress.elapsedMillis());
        one.put("note", progress.note());
        one.put("since", progress.since().toString());
        ArrayNode events = one.putArray("events");
        for (Event event : rollout.events()) {
            events.addObject().put("time", event.time().toString()).put("text", event.text());
        }
    }

    private void put(byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("there is no folder");
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path fresh = Files.createTempFile(folder, "new-", ".tmp");
        try {
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
