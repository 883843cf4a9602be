package io.foregate.app;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in a shell.",
        footer = {
            "",
            "Examples:",
            "  source <(foregate completion bash)                                  # this shell",
            "  foregate completion bash > ~/.local/share/bash-completion/completions/foregate",
            "  foregate completion zsh >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells that picocli's script serves; zsh takes bash's through bashcompinit. */
    enum Shell {
        bash,
        zsh
    }

    @Mixin
    private final Help help = new Help();

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Shell shell;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (shell == Shell.zsh) {
            out.println("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
        }
        out.print(AutoComplete.bash("foregate", Cli.all()));
        return Main.FINE;
    }
}
