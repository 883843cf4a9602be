package io.foregate.control.handover;

import io.foregate.control.os.InheritedSockets;
import io.foregate.control.os.UnixWire;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Inheritance;
import io.foregate.control.run.Passed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The new process's side of a hand-over: it gets what the old one has, serves, says so, and is told when it is alone. One thread;
 * lives until {@link #close}.
 */
public final class Takeover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
    private static final int OFFER_MILLIS = 10_000;
    private static final int ADMIN_MILLIS = 10_000;

    private final UnixWire wire;
    private final Messages.Offer offer;
    private final InheritedSockets sockets;

    private Takeover(UnixWire wire, Messages.Offer offer, InheritedSockets sockets) {
        this.wire = wire;
        this.offer = offer;
        this.sockets = sockets;
    }

    /**
     * Meets the process that has started this one to take over; null when none has.
     *
     * @param version of this program
     */
    public static @Nullable Takeover of(Map<String, String> environment, String version) throws IOException {
        String meeting = environment.get(Successor.MEETING);
        if (meeting == null) {
            return null;
        }
        UnixWire wire = UnixWire.to(Path.of(meeting));
        boolean met = false;
        try {
            wire.send(Messages.hello(new Messages.Hello(ProcessHandle.current().pid(), version)));
            if (!wire.readable(OFFER_MILLIS)) {
                throw new IOException("the process to take over from says nothing");
            }
            Messages.Offer offer = Messages.offer(Messages.read(wire.receive(), "estate"));
            InheritedSockets sockets = InheritedSockets.none();
            for (Passed passed : offer.estate().listeners()) {
                for (int descriptor : wire.take(passed.descriptors().size())) {
                    sockets.add(descriptor, passed.label());
                }
            }
            Takeover takeover = new Takeover(wire, offer, sockets);
            met = true;
            return takeover;
        } finally {
            if (!met) {
                wire.close();
            }
        }
    }

    /** The configuration to run with, in place of what stands in {@code file}; null when it is that. */
    public @Nullable Source config() {
        return offer.config();
    }

    /** What this process begins with. */
    public Inheritance inheritance() {
        return new Inheritance(
                sockets, offer.estate().ticketKeys(), offer.estate().stickyKey(), new KnownServers(offer.wishes()));
    }

    /** This process can't take over, and is about to end. */
    public void failed(String why) {
        try {
            wire.send(Messages.failed(why));
        } catch (IOException e) {
            LOG.debug("the process to take over from is gone", e);
        }
    }

    /**
     * This process serves. Waits until the old one has stopped accepting.
     *
     * @throws IOException when it is to go on in place of this one
     */
    public void serving() throws IOException {
        wire.send(Messages.plain("serving"));
        JsonNode answer;
        try {
            // However long it takes: if the old process decides against this one, it ends it.
            answer = Messages.read(wire.receive(), "yours");
        } catch (IOException e) {
            // It has died. Somebody has to serve.
            LOG.warn("the process to take over from is gone: {}", e.getMessage());
            return;
        }
        String failure = Messages.failure(answer);
        if (failure != null) {
            throw new IOException(failure);
        }
        LOG.info("this process serves alone now; the one before it ends when it has done what it has");
    }

    /** Waits until the old process has left the admin API's place, for a while. */
    public void awaitAdmin() {
        try {
            if (wire.readable(ADMIN_MILLIS)) {
                wire.receive();
            }
        } catch (IOException e) {
            LOG.debug("the process before this one is gone", e);
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
