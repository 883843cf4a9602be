package io.foregate.control.pem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Tells by size, time and identity whether files have changed. Links are followed, so exchanging one is a change. */
public final class FileStamps {
    private final List<Path> files;
    private List<String> last;

    public FileStamps(List<Path> files) {
        this.files = List.copyOf(files);
        this.last = stamps();
    }

    /** How many files are looked at. */
    public int count() {
        return files.size();
    }

    /** Whether anything has changed since this was asked last. */
    public boolean changed() {
        List<String> now = stamps();
        boolean changed = !now.equals(last);
        last = now;
        return changed;
    }

    private List<String> stamps() {
        List<String> stamps = new ArrayList<>(files.size());
        for (Path file : files) {
            try {
                BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(seen.lastModifiedTime().toInstant() + " " + seen.size() + " " + seen.fileKey());
            } catch (IOException e) {
                stamps.add("missing");
            }
        }
        return stamps;
    }
}
