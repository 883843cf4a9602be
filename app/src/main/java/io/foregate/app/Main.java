package io.foregate.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The process's entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = Cli.execute(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }
}
