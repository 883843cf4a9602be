package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.AdminAddress;

/** Finds ways in which the admin API would be open to those whom nobody asked. */
final class AdminChecks {
    private static final TreePath ADMIN = TreePath.ROOT.key("admin");

    private final Report report;

    AdminChecks(Report report) {
        this.report = report;
    }

    void run(Admin admin) {
        if (report.isBroken(ADMIN) || admin.listen().local()) {
            return;
        }
        boolean tokens = !admin.tokens().isEmpty();
        if (tokens && admin.tls() != null) {
            return;
        }
        String missing = tokens
                ? "tls: { cert: FILE, key: FILE }"
                : admin.tls() != null ? "tokens:" : "tokens: and tls: { cert: FILE, key: FILE }";
        report.errorAtValue(
                ADMIN.key("listen"),
                admin.listen() + " can be reached from other machines, and whoever reaches it could change this proxy",
                "add " + missing + ", or listen on 127.0.0.1:" + admin.listen().port() + " or unix:PATH");
    }

    /** What works but lets in more than is meant, perhaps. */
    void lint(Admin admin) {
        if (admin.listen().kind() == AdminAddress.Kind.TCP && admin.tokens().isEmpty()) {
            report.warningAtValue(
                    ADMIN.key("listen"),
                    "every user and every process of this machine may change this proxy",
                    "listen on unix:PATH, or add tokens:");
        }
    }
}
