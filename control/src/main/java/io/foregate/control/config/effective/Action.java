package io.foregate.control.config.effective;

import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Rules;

/** What answers a request. */
public sealed interface Action {
    /** A server of a pool does. */
    record Forward(Name pool) implements Action {
        @Override
        public String toString() {
            return "to pool " + pool;
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
