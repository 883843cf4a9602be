package io.foregate.tests.support;

import io.foregate.control.build.TrafficRegistry;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Transport;
import java.nio.file.Path;

/** A Foregate in this process as a configuration makes it, whose files are in a folder. Two loops. */
public final class Configured implements AutoCloseable {
    private final Foregate foregate;

    private Configured(Foregate foregate) {
        this.foregate = foregate;
    }

    /** Starts one; listeners are best at port 0. */
    public static Configured start(Path folder, String yaml) throws Exception {
        Loaded loaded = ConfigLoader.load(folder.resolve("foregate.yaml").toString(), yaml);
        if (!(loaded instanceof Loaded.Ok ok)) {
            throw new AssertionError(loaded);
        }
        return new Configured(Foregate.start(ok, new Foregate.Settings(2, Transport.preferred(), folder)));
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
