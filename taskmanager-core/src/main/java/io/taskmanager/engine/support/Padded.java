package io.taskmanager.engine.support;

/**
 * Keeps what is written for each task apart in memory from what other threads write: 128 bytes before the fields of a subclass,
 * since a processor fetches lines of 64 bytes in pairs.
 */
public abstract class Padded {
    // The int fills the gap behind the object's header, where a field of the subclass could go.
    int p00;
    long p01;
    long p02;
    long p03;
    long p04;
    long p05;
    long p06;
    long p07;
    long p08;
    long p09;
    long p10;
    long p11;
    long p12;
    long p13;
    long p14;
    long p15;
    long p16;
}
