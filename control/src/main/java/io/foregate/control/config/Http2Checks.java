package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Http2;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Size;
import org.jspecify.annotations.Nullable;

/** Finds versions and sizes of HTTP/2 that can't be (RFC 9113 §6.5.2). The configuration may have holes. */
final class Http2Checks {
    private static final Size NOTHING = new Size(0);
    private static final Size GIBIBYTE = Size.ofKibibytes(1024 * 1024);

    private final Report report;

    Http2Checks(Report report) {
        this.report = report;
    }

    void run(Listener listener, TreePath path) {
        if (listener.protocols() != null && listener.protocols().isEmpty() && !report.isBroken(path.key("protocols"))) {
            report.errorAtValue(path.key("protocols"), "a listener without a protocol", "write [h1], [h2] or both");
        }
        Http2 http2 = listener.http2();
        if (http2 == null) {
            return;
        }
        TreePath at = path.key("http2");
        within(at.key("window"), http2.window(), Size.ofKibibytes(1), GIBIBYTE);
        within(at.key("connection-window"), http2.connectionWindow(), Size.ofKibibytes(64), GIBIBYTE);
        within(at.key("max-frame-size"), http2.maxFrameSize(), Size.ofKibibytes(16), Size.ofKibibytes(8 * 1024));
        within(at.key("header-table-size"), http2.headerTableSize(), NOTHING, Size.ofKibibytes(64));
    }

    private void within(TreePath path, @Nullable Size size, Size least, Size most) {
        if (size != null && (size.bytes() < least.bytes() || size.bytes() > most.bytes())) {
            report.errorAtValue(path, size + " is outside " + least + " to " + most, "choose one within");
        }
    }
}
