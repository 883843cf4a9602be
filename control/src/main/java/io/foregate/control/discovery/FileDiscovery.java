package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.Discovery;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.api.spi.DiscoveryListener;
import io.foregate.api.spi.DiscoveryRequest;
import io.foregate.control.config.ServerFile;
import io.foregate.control.config.model.ServerAddress;
import io.foregate.control.config.model.ServerList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a file lists, and lists next. The file is looked at four times a second, links followed, so exchanging it
 * counts as changing it; it is read once it has stayed the same for one look, lest half of it is taken for the whole. The option is
 * {@code file}.
 */
final class FileDiscovery implements DiscoveryFactory {
    static final String NAME = "file";
    private static final Duration LOOK = Duration.ofMillis(250);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String complaint(Map<String, String> options) {
        return null;
    }

    @Override
    public Discovery open(DiscoveryRequest request, DiscoveryListener listener) {
        Path file = request.folder().resolve(request.options().getOrDefault("file", ""));
        Rounds rounds = Rounds.start("foregate-file " + file, new Watch(file, listener)::look);
        return rounds::close;
    }

    /** One file; on its thread. */
    private static final class Watch {
        private final Path file;
        private final DiscoveryListener listener;
        private String seen = "";
        private String read = "";

        Watch(Path file, DiscoveryListener listener) {
            this.file = file;
            this.listener = listener;
        }

        Duration look() {
            String now = stamp();
            boolean first = read.isEmpty();
            if ((first || now.equals(seen)) && !now.equals(read)) {
                // Before it is read: should it change meanwhile, the next look sees that.
                read = now;
                read();
            }
            seen = now;
            return LOOK;
        }

        private void read() {
            try {
                listener.found(ServerFile.read(file).stream().map(Watch::server).toList());
            } catch (ServerFile.Unusable e) {
                listener.failed(String.valueOf(e.getMessage()));
            }
        }

        private static DiscoveredServer server(ServerList.Server listed) {
            ServerAddress address = listed.address();
            return new DiscoveredServer(
                    address.at().host(),
                    address.at().port(),
                    "",
                    address.secure(),
                    listed.weight(),
                    listed.priority(),
                    listed.zone() == null ? "" : listed.zone().text());
        }

        private String stamp() {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return attributes.lastModifiedTime().toInstant() + " " + attributes.size() + " " + attributes.fileKey();
            } catch (IOException e) {
                return "missing";
            }
        }
    }
}
