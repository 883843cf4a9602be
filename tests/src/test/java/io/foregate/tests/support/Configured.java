package io.foregate.tests.support;

import io.foregate.control.build.TrafficRegistry;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Name;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Revisions;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Transport;
import io.foregate.proxy.upstream.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A Foregate in this process as a configuration makes it, whose files are in a folder, and which may change. */
public final class Configured implements AutoCloseable {
    private final Foregate foregate;
    private final Reloader reloader;

    private Configured(Foregate foregate, Source started) {
        this.foregate = foregate;
        this.reloader = new Reloader(foregate, started, Revisions.inMemory());
    }

    /** Starts one with two loops; listeners are best at port 0. */
    public static Configured start(Path folder, String yaml) throws Exception {
        return start(folder, yaml, 2);
    }

    public static Configured start(Path folder, String yaml, int loops) throws Exception {
        Source source = source(folder.resolve("foregate.yaml").toString(), yaml);
        if (!(source.load() instanceof Loaded.Ok ok)) {
            throw new AssertionError(source.load());
        }
        Foregate foregate = Foregate.start(ok, new Foregate.Settings(loops, Transport.preferred(), folder));
        return new Configured(foregate, source);
    }

    private static Source source(String name, String yaml) {
        return new Source(name, yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** Goes over to another configuration, or says why not. */
    public Result reload(String yaml) throws InterruptedException {
        return reloader.apply(source(reloader.inForce().name(), yaml), "test", "");
    }

    /** Goes over to another configuration, which has to work. */
    public Result.Applied change(String yaml) throws InterruptedException {
        return switch (reload(yaml)) {
            case Result.Applied applied -> applied;
            case Result.Planned planned -> throw new AssertionError(planned);
            case Result.Refused refused -> throw new AssertionError(refused);
        };
    }

    public Reloader reloader() {
        return reloader;
    }

    /** A client connection to a listener. */
    public Wire client(String listener) throws IOException {
        return Wire.to(port(listener));
    }

    /** One GET on a connection of its own. */
    public Message get(String listener, String target) throws IOException {
        try (Wire client = client(listener)) {
            return client.get(target);
        }
    }

    /** The port of a listener. */
    public int port(String listener) {
        for (Listener one : foregate.listeners()) {
            if (one.name().equals(listener)) {
                return one.address().getPort();
            }
        }
        throw new AssertionError("no listener " + listener);
    }

    /** The endpoint of a pool at a port of 127.0.0.1. */
    public Endpoint endpoint(String pool, int port) throws BadValue {
        return foregate.endpoints()
                .at(Name.parse(pool), HostPort.parse("127.0.0.1:" + port))
                .getFirst();
    }

    /** The running process itself. */
    public Foregate foregate() {
        return foregate;
    }

    /** Its splits and mirrors. */
    public TrafficRegistry traffic() {
        return foregate.traffic();
    }

    @Override
    public void close() throws InterruptedException {
        foregate.stop();
    }
}
