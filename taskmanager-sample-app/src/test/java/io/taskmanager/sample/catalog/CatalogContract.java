package io.taskmanager.sample.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session promises, on whatever database. */
abstract class CatalogContract {

    private final CatalogHealthCheck healthCheck = new CatalogHealthCheck();
    private CatalogSessionFactory factory;
    private CatalogSession session;

    /** A factory for an empty catalogue. */
    abstract CatalogSessionFactory emptyCatalogue() throws Exception;

    /** Breaks the connections of all sessions from outside. */
    abstract void breakConnections(CatalogSession session) throws Exception;

    @BeforeEach
    void open() throws Exception {
        factory = emptyCatalogue();
        session = factory.create();
    }

    @AfterEach
    void close() throws Exception {
        factory.destroy(session);
        assertThat(factory.destroyed()).isEqualTo(factory.created());
    }

    @Test
    void keepsAPhotoToTheLastDetail() throws SQLException {
        Photo photo = Photos.numbered(1);

        assertThat(session.add(photo)).isTrue();
        assertThat(session.find(photo.id())).contains(photo);
    }

    @Test
    void doesNotFindWhatIsNotThere() throws SQLException {
        assertThat(session.find(Photos.numbered(1).id())).isEmpty();
        assertThat(session.count()).isZero();
    }

    @Test
    void aPhotoAddedAgainIsKnownAndItsFileIsWhereItWasSeenLast() throws SQLException {
        Photo photo = Photos.numbered(1);
        session.add(photo);
        Photo moved = photo.movedTo(Path.of("/elsewhere/a.jpg"));

        assertThat(session.add(moved)).isFalse();
        assertThat(session.find(photo.id())).contains(moved);
        assertThat(session.count()).isEqualTo(1);
    }

    @Test
    void aDeletedPhotoIsGoneAndMayBeAddedAgain() throws SQLException {
        Photo photo = Photos.numbered(1);
        session.add(photo);
        session.add(Photos.numbered(2));

        session.delete(photo.id());
        session.delete(photo.id());
        assertThat(session.find(photo.id())).isEmpty();
        assertThat(session.count()).isEqualTo(1);
        assertThat(session.add(photo)).isTrue();
    }

    @Test
    void pagesFromTheLatestToTheEarliest() throws SQLException {
        for (int number : new int[] {2, 5, 1, 4, 3}) {
            session.add(Photos.numbered(number));
        }

        assertThat(session.page(0, 2)).isEqualTo(page(5, 4));
        assertThat(session.page(4, 2)).isEqualTo(page(1));
        assertThat(session.page(10_000_000_000L, 2)).isEqualTo(page());
    }

    private static PhotoPage page(int... numbers) {
        List<Photo> photos = IntStream.of(numbers).mapToObj(Photos::numbered).toList();
        return new PhotoPage(photos, 5);
    }

    @Test
    void aSecondSessionSeesWhatTheFirstAdded() throws Exception {
        session.add(Photos.numbered(1));
        CatalogSession second = factory.create();
        try {
            assertThat(second.count()).isEqualTo(1);
        } finally {
            factory.destroy(second);
        }
    }

    @Test
    void aNameWithQuotesIsJustAName() throws SQLException {
        Photo photo = Photos.numbered(1);
        Photo odd = new Photo(photo.id(), "'; DROP TABLE photo; --", "jpeg", 1, 1, 1, 1, photo.source(), photo.added());
        session.add(odd);

        assertThat(session.find(photo.id())).contains(odd);
    }

    @Test
    void aFaultOfTheStatementLeavesTheSessionHealthy() throws SQLException {
        Photo photo = Photos.numbered(1);
        Photo tooLong = new Photo(photo.id(), "x".repeat(300), "jpeg", 1, 1, 1, 1, photo.source(), photo.added());

        assertThatThrownBy(() -> session.add(tooLong))
                .satisfies(e -> assertThat(healthCheck.isHealthy(e)).isTrue());
        assertThat(session.add(photo)).isTrue();
    }

    @Test
    void aBrokenConnectionIsUnhealthy() throws Exception {
        assertThat(factory.validate(session)).isTrue();

        breakConnections(session);

        assertThatThrownBy(session::count)
                .satisfies(e -> assertThat(healthCheck.isHealthy(e)).isFalse());
        assertThat(factory.validate(session)).isFalse();
    }
}
