package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Retry;
import io.foregate.control.config.model.Size;

/** Finds what is wrong with retries beyond the shape of single values. */
final class RetryChecks {
    private static final Size MOST_BUFFER = Size.ofKibibytes(1024);

    private final Report report;

    RetryChecks(Report report) {
        this.report = report;
    }

    void run(Retry retry, TreePath path) {
        Size buffer = retry.buffer();
        if (buffer != null && buffer.bytes() > MOST_BUFFER.bytes()) {
            report.errorAtValue(
                    path.key("buffer"),
                    buffer + " of memory for each request is too much to keep bodies in",
                    "write " + MOST_BUFFER + " or less");
        }
    }
}
