package io.foregate.tests.discovery;

import io.foregate.tests.support.Origin;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Origins at 127.0.0.1, 127.0.0.2 and so on, all at one port, each of which answers with its address. */
final class Group implements AutoCloseable {
    private final List<Origin> origins;

    private Group(List<Origin> origins) {
        this.origins = origins;
    }

    static Group of(int count) throws IOException {
        while (true) {
            List<Origin> origins = new ArrayList<>();
            try {
                for (int i = 1; i <= count; i++) {
                    String address = "127.0.0." + i;
                    int port =
                            origins.isEmpty() ? 0 : origins.getFirst().address().getPort();
                    origins.add(Origin.at(new InetSocketAddress(InetAddress.ofLiteral(address), port), connection -> {
                        while (connection.request() != null) {
                            connection.send(Origin.ok(address));
                        }
                    }));
                }
                return new Group(origins);
            } catch (BindException taken) {
                for (Origin origin : origins) {
                    origin.close();
                }
            }
        }
    }

    int port() {
        return origins.getFirst().address().getPort();
    }

    /** The origin at {@code 127.0.0.number}. */
    Origin at(int number) {
        return origins.get(number - 1);
    }

    @Override
    public void close() {
        for (Origin origin : origins) {
            origin.close();
        }
    }
}
