package io.foregate.app;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command has come to: its exit code and what it has written. */
record Result(int code, String out, String err) {
    /** Runs a command with these arguments. */
    static Result of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cli.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Result(code, out.toString(), err.toString());
    }
}
