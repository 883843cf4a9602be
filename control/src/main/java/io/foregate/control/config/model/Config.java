package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration file. Maps keep the order of the file; nothing depends on it but what is printed. */
@Form(
        "The configuration: one YAML 1.2 file with three nouns. Sites say who is asked for, pools who answers, policies what"
                + " is done on the way.")
public record Config(
        @Key("Who is asked for: what happens to the requests for a host.")
        Map<HostPattern, Site> sites,

        @Key("Who answers: groups of origin servers that can stand in for each other.")
        Map<Name, Pool> pools,

        @Key("What is done on the way: rules with a name, which sites and routes `use`.")
        Map<Name, Rules> policies,

        @Key(
                "Where connections are accepted. Without any, sites that have a certificate are served on port 443, to which"
                        + " port 80 redirects, and the others on port 80; where the process may not listen there, on 8443 and"
                        + " 8080.")
        Map<Name, Listener> listeners,

        @Key("What holds wherever nothing else is said.") Defaults defaults,
        @Key("How this process speaks TLS, for all sites.") Tls.Process tls,
        @Key("How the names of servers are looked up.") Dns dns,

        @Key("The proxies in front of this one, whose `X-Forwarded-For` or `Forwarded` is believed. Nobody else's is.")
        List<Cidr> trustedProxies,

        @Key("When requests are refused because the process can't keep up.")
        Overload overload,

        @Key("What is logged, and where.") Logs logs,
        @Key("How the process ends.") Shutdown shutdown,
        @Key("How the process works.") Machine process,

        @Key("How this process is looked at and changed while it runs.")
        Admin admin) {

    @Form("What is logged, and where.")
    public record Logs(
            @Key(value = "One line for each request.", otherwise = "json")
            AccessLog access,

            @Key(value = "What went wrong, on standard error: which failure, whose, and why.", otherwise = "info")
            ErrorLog error) {}

    @Form(value = "One line for each request.", grows = "format")
    public record AccessLog(
            @Key(
                    value = "`json`: one object with every phase of the request; `combined`: the format of Apache and"
                            + " nginx; `off`: nothing.",
                    otherwise = "json")
            AccessFormat format,

            @Key(value = "`stdout` or a file, which is opened anew on SIGUSR1.", otherwise = "stdout")
            LogTarget to) {}

    /** How a line of the access log is written. */
    public enum AccessFormat {
        JSON,
        COMBINED,
        OFF
    }

    @Form(value = "Messages of the process itself.", grows = "level")
    public record ErrorLog(
            @Key(value = "The least severity that is written.", otherwise = "info")
            Level level) {}

    /** Severities, the most severe first. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    @Form(value = "How the process ends.", grows = "grace")
    public record Shutdown(
            @Key(value = "How long requests that are under way may still take after SIGTERM.", otherwise = "30s")
            Timeout grace) {}

    @Form("How the process works.")
    public record Machine(
            @Key(
                    value = "How many event loops share the work; one for each processor if nothing is said.",
                    min = 1,
                    max = 1024)
            @Nullable
            Integer loops,

            @Key(
                    "How the kernel is asked: `epoll`, `io-uring` (less work for small messages, but no hand-overs to another"
                            + " process), or `nio`, which works anywhere. Without it, epoll where it works.")
            @Nullable
            Transport transport,

            @Key("Where this process is: servers of the same `zone` come first.") @Nullable
            Name zone) {}

    /** How the kernel is asked. */
    public enum Transport {
        EPOLL,
        IO_URING,
        NIO
    }
}
