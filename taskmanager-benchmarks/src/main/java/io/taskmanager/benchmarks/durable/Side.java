package io.taskmanager.benchmarks.durable;

/** Who queues and runs tasks that do nothing. */
interface Side extends AutoCloseable {

    /** The name in the table. */
    String name();

    /** Where tasks wait. */
    String table();

    /** Each in a transaction of its own. */
    void enqueueOneByOne(int tasks);

    /** All in one batch. */
    void enqueueBatch(int tasks);

    /** Lets so many nodes begin. */
    void startNodes(int nodes);

    /** Ends them. */
    void stopNodes();

    @Override
    void close();
}
