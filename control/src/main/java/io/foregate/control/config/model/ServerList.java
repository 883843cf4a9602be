package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file with servers holds. */
@Form(value = "Servers of a pool.", grows = "servers")
public record ServerList(@Key("The servers.") List<Server> servers) {
    @Form(value = "An origin server.", grows = "address")
    public record Server(
            @Key("Where it is.") ServerAddress address,

            @Key(
                    value = "Its share of the requests, against the weights of the others.",
                    otherwise = "1",
                    min = 1,
                    max = 1000)
            int weight,

            @Key(value = "Servers with lower ones are asked first.", otherwise = "0", max = 1000)
            int priority,

            @Key("The zone that it is in.") @Nullable Name zone) {}
}
