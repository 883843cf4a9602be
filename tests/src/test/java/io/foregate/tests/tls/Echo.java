package io.foregate.tests.tls;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;

/** An origin's script that answers with the fields that it was sent. */
final class Echo {
    private Echo() {}

    static void fields(Wire connection) throws IOException {
        for (Message request = connection.request(); request != null; request = connection.request()) {
            connection.send(Origin.ok(String.join("\n", request.fields()) + "\n"));
        }
    }
}
