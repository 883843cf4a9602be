package io.foregate.tests.reload;

/** The configurations of a storm: most of each is the same, and something of each kind comes and goes. Stateless. */
final class StormConfig {
    private StormConfig() {}

    /** The {@code round}-th. Its own route is {@code /round-…}, in front of a pool of its own. */
    static String text(int round, int routes, int origin, int echo) {
        StringBuilder text = new StringBuilder(routes * 32 + 1024);
        text.append("listeners:\n  main: \"127.0.0.1:0\"\n");
        if (round % 4 == 1) {
            text.append("  other: { address: \"127.0.0.1:0\", tls: on }\n");
        }
        text.append("logs: { access: off }\nshutdown: 5s\nsites:\n  \"*\":\n    routes:\n");
        text.append("      /*: web\n      /chat: chat\n      /round-")
                .append(round)
                .append(": own-")
                .append(round)
                .append('\n');
        for (int i = 0; i < routes; i++) {
            // A tenth of them is another one in each round.
            int name = i % 10 == 0 ? i + round * routes : i;
            text.append("      /static-").append(name).append("/*: web\n");
        }
        if (round % 4 == 1) {
            text.append("  tls-")
                    .append(round)
                    .append(".test: { tls: internal, https-redirect: off, routes: { /*: web } }\n");
        }
        text.append("pools:\n");
        text.append("  web: [\"127.0.0.1:").append(origin).append("\"]\n");
        text.append("  chat: [\"127.0.0.1:").append(echo).append("\"]\n");
        text.append("  own-")
                .append(round)
                .append(": [\"127.0.0.1:")
                .append(origin)
                .append("\"]\n");
        return text.toString();
    }
}
