package io.foregate.control.admin;

import io.foregate.control.build.Secrets;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.Name;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may do what. Tokens are known by their digests, which take as long to compare whatever they are. Immutable. */
final class Access {
    private static final int SHORTEST = 16;
    private static final String SCHEME = "Bearer ";

    private record Known(String name, Admin.Role role, byte[] digest) {}

    private final List<Known> tokens;

    private Access(List<Known> tokens) {
        this.tokens = tokens;
    }

    /** Reads the tokens that a configuration names. */
    static Access of(Loaded.Ok loaded) throws AdminFailure {
        List<Known> known = new ArrayList<>();
        TreePath tokens = TreePath.ROOT.key("admin").key("tokens");
        for (Map.Entry<Name, Admin.Token> entry :
                loaded.config().admin().tokens().entrySet()) {
            TreePath path = tokens.key(entry.getKey().text()).key("secret");
            Origin origin = new Origin(loaded.sources().valueOf(path), path);
            try {
                String secret = Secrets.read(entry.getValue().secret(), origin).strip();
                if (secret.length() < SHORTEST) {
                    Problem problem = Problem.at(
                            loaded.sources().valueOf(path),
                            path.toString(),
                            "the token has fewer than " + SHORTEST + " characters, which can be guessed",
                            "make one with: openssl rand -hex 32");
                    throw new AdminFailure(problem, new IllegalArgumentException(problem.message()));
                }
                known.add(new Known(entry.getKey().text(), entry.getValue().role(), digest(secret)));
            } catch (UnbuildableException e) {
                throw new AdminFailure(e.problem(), e);
            }
        }
        return new Access(List.copyOf(known));
    }

    /**
     * Who calls with that Authorization field, or null when it is nobody whom we know.
     *
     * @param user of this machine, where there are no tokens
     */
    @Nullable
    Caller caller(@Nullable String authorization, String user, String from) {
        if (tokens.isEmpty()) {
            return new Caller(user, Admin.Role.CONFIGURE, from);
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        byte[] shown = digest(authorization.substring(SCHEME.length()).strip());
        Caller found = null;
        for (Known known : tokens) {
            if (MessageDigest.isEqual(known.digest, shown)) {
                found = new Caller(known.name, known.role, from);
            }
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
