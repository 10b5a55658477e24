package com.example.day;

import com.example.tools.RealServer;
import com.example.tools.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real server behind a proxy, and a password that the server asks for and the application reads from a file. */
abstract class Server<S extends RealServer> implements AutoCloseable {

    final S process;
    final TcpProxy proxy;
    final Path secret;
    private int passwords;

    /** Starts the server; its password is not set yet. */
    Server(S process, Path folder) throws Exception {
        this.process = process;
        this.secret = Files.createDirectories(folder).resolve("secret");
        process.start();
        proxy = new TcpProxy(process.port());
    }

    abstract List<String> settings();

    abstract void endSessions() throws Exception;

    abstract void setPassword(String password) throws Exception;

    /** How many sessions the application has, as the server says. Waits while it is frozen, throws while there is none. */
    abstract int sessions() throws Exception;

    /** Has the server ask for another password, of which the application does not know. */
    final void changePassword() throws Exception {
        passwords++;
        setPassword("secret" + passwords);
    }

    /** Tells the application. */
    final void tellPassword() throws IOException {
        Files.writeString(secret, "secret" + passwords);
    }

    @Override
    public final void close() throws Exception {
        process.close();
        proxy.close();
    }
}
