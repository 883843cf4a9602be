package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Retry;
import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Timeout;

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
        Timeout first = retry.backoff().first();
        Timeout most = retry.backoff().most();
        if (first != null && most != null && first.nanos() > most.nanos()) {
            report.errorAtValue(
                    path.key("backoff").key("first"),
                    "the first wait may take " + first + ", which is longer than any may (most: " + most + ")",
                    "exchange them");
        }
    }
}
