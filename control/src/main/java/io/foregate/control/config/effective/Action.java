package io.foregate.control.config.effective;

import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Traffic;
import java.util.List;

/** What answers a request. */
public sealed interface Action {
    /** The pools that may be asked; the first one's settings are those of the route. */
    default List<Name> pools() {
        return switch (this) {
            case Forward(Name pool) -> List.of(pool);
            case Split(Traffic.Split split) -> List.copyOf(split.pools().keySet());
            case Redirect _, Respond _ -> List.of();
        };
    }

    /** A server of a pool does. */
    record Forward(Name pool) implements Action {
        @Override
        public String toString() {
            return "to pool " + pool;
        }
    }

    /** A server of one of several pools does. */
    record Split(Traffic.Split split) implements Action {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("split ");
            split.pools()
                    .forEach((pool, share) ->
                            text.append(pool).append(' ').append(share).append(", "));
            text.append("by ").append(split.by());
            return split.override() == null
                    ? text.toString()
                    : text.append(", override ").append(split.override()).toString();
        }
    }

    /** A redirect. */
    record Redirect(Rules.Redirect redirect) implements Action {
        @Override
        public String toString() {
            return "redirect " + redirect.status() + " to " + redirect.to();
        }
    }

    /** A fixed response. */
    record Respond(Rules.Respond respond) implements Action {
        @Override
        public String toString() {
            return "respond " + respond.status();
        }
    }
}
