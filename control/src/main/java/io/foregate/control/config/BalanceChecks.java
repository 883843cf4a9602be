package io.foregate.control.config;

import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Balance;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Sticky;
import io.foregate.control.config.model.WholePercent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks what is said of how servers are chosen. */
final class BalanceChecks {
    private static final int LEAST_BOUND = 101;

    private final Report report;

    BalanceChecks(Report report) {
        this.report = report;
    }

    void pool(Pool pool, TreePath path) {
        balance(pool.balance(), path.key("balance"));
        atMost(pool.panic(), 100, path.key("panic"));
        atMost(pool.headroom(), 1000, path.key("headroom"));
        sticky(pool.sticky(), path.key("sticky"));
        for (int i = 0; i < pool.servers().size(); i++) {
            Pool.Server server = pool.servers().get(i);
            if (server != null && server.backup() && server.priority() > 0) {
                report.errorAtKey(
                        path.key("servers").index(i).key("backup"),
                        "a backup has no priority: it comes when no other server is up",
                        "write one of them");
            }
        }
    }

    void balance(@Nullable Balance balance, TreePath path) {
        if (balance == null || report.isBroken(path) || balance.hash() == null) {
            return;
        }
        Balance.Hash hash = balance.hash();
        if (balance.by() != null && balance.by() != Balance.Method.HASH) {
            report.errorAtKey(
                    path.key("hash"),
                    "servers are chosen by "
                            + balance.by().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "remove by, or hash");
        }
        int keys = (hash.by() == null ? 0 : 1)
                + (hash.header() == null ? 0 : 1)
                + (hash.cookie() == null ? 0 : 1)
                + (hash.query() == null ? 0 : 1);
        if (keys != 1) {
            report.errorAtKey(
                    path.key("hash"),
                    keys == 0 ? "names no key" : "names more than one key",
                    "write one of hash: client, hash: path, hash: {header: X-User}, {cookie: user} and {query: user}");
        }
        if (hash.bound() != null && hash.bound().percent() < LEAST_BOUND) {
            report.errorAtValue(
                    path.key("hash").key("bound"),
                    hash.bound() + " leaves no room: not all servers can have less than the average",
                    "write for example 125%");
        }
    }

    private void atMost(@Nullable WholePercent value, int most, TreePath path) {
        if (value != null && value.percent() > most) {
            report.errorAtValue(path, value + " is more than " + most + "%", "");
        }
    }

    private void sticky(@Nullable Sticky sticky, TreePath path) {
        if (sticky == null || report.isBroken(path)) {
            return;
        }
        if (sticky.sameSite() == Sticky.SameSite.NONE && sticky.secure() == Sticky.Secure.OFF) {
            report.errorAtKey(
                    path.key("same-site"),
                    "browsers drop a cookie that goes with requests from other sites and isn't secure",
                    "write secure: on");
        }
        if (sticky.path().text().indexOf(';') >= 0) {
            report.errorAtValue(
                    path.key("path"),
                    Nodes.quote(sticky.path().text()) + " can't stand in a cookie",
                    "leave out the ;");
        }
    }
}
