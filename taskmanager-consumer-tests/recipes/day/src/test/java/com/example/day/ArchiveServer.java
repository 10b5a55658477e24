package com.example.day;

import com.example.sftp.ServerProcess;
import com.example.tools.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The SFTP server. */
final class ArchiveServer implements Server {

    private final Path folder;
    private final ServerProcess server;
    private final TcpProxy proxy;
    private int passwords;

    ArchiveServer(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("files"));
        Files.writeString(folder.resolve("files/file"), "content");
        changePassword();
        tellPassword();
        server = new ServerProcess(folder);
        server.start();
        proxy = new TcpProxy(server.port());
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + proxy.port() + " " + Files.readString(folder.resolve("host-key.pub")));
    }

    @Override
    public List<String> settings() {
        return List.of(
                "--sftp.port=" + proxy.port(),
                "--sftp.password-file=" + folder.resolve("secret"),
                "--sftp.known-hosts=" + folder.resolve("known_hosts"));
    }

    @Override
    public void kill() throws InterruptedException {
        server.kill();
    }

    @Override
    public void start() throws IOException {
        server.start();
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
        server.freeze();
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
        server.thaw();
    }

    @Override
    public void cutOff() {
        proxy.becomeBlackHole();
    }

    @Override
    public void heal() {
        proxy.heal();
    }

    @Override
    public void endSessions() throws IOException {
        server.disconnectAll();
    }

    @Override
    public void changePassword() throws IOException {
        passwords++;
        Files.writeString(folder.resolve("password"), "secret" + passwords);
    }

    @Override
    public void tellPassword() throws IOException {
        Files.writeString(folder.resolve("secret"), "secret" + passwords);
    }

    @Override
    public int sessions() throws IOException {
        return server.sessions();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
        proxy.close();
    }
}
