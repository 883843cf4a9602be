package io.foregate.control.admin;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unix socket in front of the JDK's HTTP server, which knows none: what comes is passed on to it over a loopback connection whose
 * own address is noted here. The server answers nothing that came by any other, so its own port is of no use to anybody.
 *
 * <p>Only the user of this process may use the socket. Virtual threads, two for each connection; at most
 * {@value #MOST_CONNECTIONS} of these. Lives until {@link #close}.
 */
final class UnixSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnixSocket.class);
    private static final int MOST_CONNECTIONS = 64;
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int LAST_LOOKS = 10;

    private final Path path;
    // Which file it was that the path led to; whoever takes the path makes another.
    private final @Nullable Object file;
    private final ServerSocketChannel door;
    private final InetSocketAddress server;
    private final AtomicInteger answering = new AtomicInteger();
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    // The whole address: others of 127.0.0.0/8 may have the same port.
    private final Map<SocketAddress, String> users = new ConcurrentHashMap<>();
    private final Map<SocketChannel, Boolean> open = new ConcurrentHashMap<>();

    private UnixSocket(Path path, ServerSocketChannel door, InetSocketAddress server) throws IOException {
        this.path = path;
        this.file = file(path);
        this.door = door;
        this.server = server;
    }

    /** Takes the path, also from a process that is gone; throws BindException when one that runs has it. */
    static UnixSocket open(Path path, InetSocketAddress server) throws IOException {
        if (Files.exists(path)) {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
                throw new BindException("what is there is no socket, and stays");
            }
            if (answers(path)) {
                throw new BindException("another process listens there");
            }
        }
        Path folder = path.toAbsolutePath().getParent();
        // Nobody else may come in between before the permissions are right.
        Path safe = Files.createTempDirectory(
                folder, ".a", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean ready = false;
        try {
            Path first = safe.resolve("s");
            door.bind(UnixDomainSocketAddress.of(first));
            Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rw-------"));
            Files.move(first, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            UnixSocket socket = new UnixSocket(path, door, server);
            ready = true;
            return socket;
        } finally {
            if (!ready) {
                door.close();
                Files.deleteIfExists(safe.resolve("s"));
            }
            Files.deleteIfExists(safe);
        }
    }

    private static @Nullable Object file(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return false;
        }
    }

    /** The user whose connection the server sees coming from there; null when it is none of ours. */
    @Nullable
    String user(InetSocketAddress peer) {
        return users.get(peer);
    }

    void accept() {
        Thread.ofVirtual().name("foregate-admin-socket").start(() -> {
            while (door.isOpen()) {
                try {
                    SocketChannel client = door.accept();
                    if (room.tryAcquire()) {
                        Thread.ofVirtual().name("foregate-admin-relay").start(() -> serve(client));
                    } else {
                        client.close();
                    }
                } catch (IOException e) {
                    if (door.isOpen()) {
                        LOG.warn("the admin socket {} can't accept: {}", path, e.toString());
                        pause();
                    }
                }
            }
        });
    }

    // Whatever it is (no descriptors left, say), it won't be over at once.
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                SocketChannel inner = SocketChannel.open()) {
            inner.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketAddress own = inner.getLocalAddress();
            users.put(own, user(client));
            try {
                open.put(client, true);
                inner.connect(server);
                answering.incrementAndGet();
                Thread back = Thread.ofVirtual().name("foregate-admin-relay").start(() -> {
                    pump(inner, client);
                    answering.decrementAndGet();
                });
                pump(client, inner);
                back.join();
            } finally {
                // Before the port may be anybody's again.
                users.remove(own);
            }
        } catch (IOException e) {
            LOG.debug("a connection to the admin socket has ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
            room.release();
        }
    }

    private static String user(SocketChannel client) {
        try {
            return client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException e) {
            // Gone already, or a system whose sockets don't tell.
            return "local";
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try {
            while (from.read(chunk) >= 0) {
                chunk.flip();
                while (chunk.hasRemaining()) {
                    to.write(chunk);
                }
                chunk.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            quietly(from);
            quietly(to);
        }
    }

    private static void quietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing", e);
        }
    }

    void stopAccepting() {
        try {
            door.close();
            // Another process may have taken the path by now; its socket is left alone.
            if (Files.exists(path) && Objects.equals(file(path), file)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.debug("the admin socket {} stays", path, e);
        }
    }

    // After the server's end; what it has answered may still be on its way through here.
    @Override
    public void close() {
        for (int i = 0; i < LAST_LOOKS && answering.get() > 0; i++) {
            pause();
        }
        open.keySet().forEach(UnixSocket::quietly);
    }
}
