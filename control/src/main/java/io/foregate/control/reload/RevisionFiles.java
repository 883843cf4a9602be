package io.foregate.control.reload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Revisions in a folder: {@code 000012.yaml} is the text, byte for byte, and {@code 000012.json} says the rest. For the owner
 * alone. Files appear whole or not at all. Used by one {@link Revisions}, under its lock.
 */
final class RevisionFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RevisionFiles.class);
    private static final Pattern DESCRIPTION = Pattern.compile("([0-9]{6,18})\\.json");

    /** Made when there is a history to read or to write, which most starts don't have. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    private final Path folder;

    RevisionFiles(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** All of them, in any order. What can't be read is left out with a warning. */
    List<Revision> read() throws IOException {
        List<Revision> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.getFileName().toString().matches("new-.*\\.tmp")) {
                    // Of a process that was killed while it wrote.
                    Files.deleteIfExists(file);
                    continue;
                }
                Matcher name = DESCRIPTION.matcher(file.getFileName().toString());
                if (name.matches()) {
                    try {
                        found.add(read(file, Long.parseLong(name.group(1))));
                    } catch (IOException | JacksonException | IllegalArgumentException | DateTimeException e) {
                        LOG.warn("{} is no revision that can be read: {}", file, e.toString());
                    }
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing has been written yet.
        }
        return found;
    }

    private Revision read(Path description, long number) throws IOException {
        JsonNode json = Json.MAPPER.readTree(Files.readAllBytes(description));
        int bytes = Math.toIntExact(Files.size(text(number)));
        if (json.path("bytes").asInt(bytes) != bytes) {
            throw new IOException("its text isn't whole");
        }
        return new Revision(
                number,
                Instant.parse(json.path("time").asString("")),
                json.path("author").asString(""),
                json.path("message").asString(""),
                Revision.Outcome.valueOf(json.path("outcome").asString("").toUpperCase(Locale.ROOT)),
                json.path("note").asString(""),
                bytes);
    }

    /** The text of one. */
    Source source(long number) throws IOException {
        JsonNode json = Json.MAPPER.readTree(Files.readAllBytes(description(number)));
        return new Source(json.path("file").asString("foregate.yaml"), Files.readAllBytes(text(number)));
    }

    void write(Revision revision, Source source) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("number", revision.number());
        json.put("time", revision.time().toString());
        json.put("author", revision.author());
        json.put("message", revision.message());
        json.put("outcome", revision.outcome().name().toLowerCase(Locale.ROOT));
        json.put("note", revision.note());
        json.put("file", source.name());
        json.put("bytes", source.text().length);
        // The text first: a description without one would be a revision that can't be gone back to.
        put(text(revision.number()), source.text());
        byte[] described = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        put(description(revision.number()), described);
    }

    private void put(Path file, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(folder, "new-", ".tmp");
        try {
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                for (ByteBuffer left = ByteBuffer.wrap(content); left.hasRemaining(); ) {
                    out.write(left);
                }
                // Else a power cut may leave the name of a file that is empty.
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    void delete(long number) {
        try {
            Files.deleteIfExists(description(number));
            Files.deleteIfExists(text(number));
        } catch (IOException e) {
            LOG.debug("revision {} stays on disk", number, e);
        }
    }

    private Path text(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%06d.yaml", number));
    }

    private Path description(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%06d.json", number));
    }
}
