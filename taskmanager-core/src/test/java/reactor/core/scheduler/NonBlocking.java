package reactor.core.scheduler;

/** Stands for Reactor's, by whose name threads are known that must not block. */
public interface NonBlocking {}
