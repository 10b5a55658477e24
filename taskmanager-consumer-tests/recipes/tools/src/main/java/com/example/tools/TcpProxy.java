package com.example.tools;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Forwards connections on loopback, and can become a black hole: then nothing passes in either direction, neither bytes nor
 * the end of a connection, and connections are accepted but go nowhere. What was held back passes when it is healed.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int CHUNK = 8192;

    private final int target;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** Guarded by this. */
    private boolean blackHole;

    public TcpProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run("proxy-" + target, this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public synchronized void becomeBlackHole() {
        blackHole = true;
    }

    public synchronized void heal() {
        blackHole = false;
        notifyAll();
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket client = listener.accept();
            sockets.add(client);
            run("proxy-in-" + client.getPort(), () -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException, InterruptedException {
        try (client) {
            awaitPassage();
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                sockets.add(server);
                run("proxy-out-" + client.getPort(), () -> {
                    try (client) {
                        forward(server, client);
                    }
                });
                forward(client, server);
            }
        }
    }

    private void forward(Socket from, Socket to) throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK];
        int read = 0;
        while (read >= 0) {
            awaitPassage();
            to.getOutputStream().write(chunk, 0, read);
            read = from.getInputStream().read(chunk);
        }
        awaitPassage();
    }

    private synchronized void awaitPassage() throws InterruptedException {
        while (blackHole) {
            wait();
        }
    }

    private static void run(String name, Action action) {
        Thread thread = new Thread(
                () -> {
                    try {
                        action.run();
                    } catch (IOException | InterruptedException e) {
                        // The connection is over, for both sides.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        close(listener);
        sockets.forEach(TcpProxy::close);
        heal();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Action {
        void run() throws IOException, InterruptedException;
    }
}
