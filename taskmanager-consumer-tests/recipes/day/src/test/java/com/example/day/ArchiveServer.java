package com.example.day;

import com.example.sftp.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The SFTP server. */
final class ArchiveServer extends Server<ServerProcess> {

    private final Path folder;

    ArchiveServer(Path folder) throws Exception {
        super(new ServerProcess(folder), folder);
        this.folder = folder;
        Files.createDirectories(folder.resolve("files"));
        Files.writeString(folder.resolve("files/file"), "content");
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + proxy.port() + " " + Files.readString(folder.resolve("host-key.pub")));
        changePassword();
        tellPassword();
    }

    @Override
    List<String> settings() {
        return List.of(
                "--sftp.url=ssh://archivist@127.0.0.1:" + proxy.port(),
                "--sftp.password-file=" + secret,
                "--sftp.known-hosts=" + folder.resolve("known_hosts"));
    }

    @Override
    void endSessions() throws IOException {
        process.disconnectAll();
    }

    @Override
    void setPassword(String password) throws IOException {
        Files.writeString(folder.resolve("password"), password);
    }

    @Override
    int sessions() throws IOException {
        return process.sessions();
    }
}
