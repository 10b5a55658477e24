package io.taskmanager.sample.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection with its prepared statements; each statement commits by itself. Not for several threads at a time. Its
 * SQL is the same on H2 and on PostgreSQL.
 */
public final class CatalogSession implements AutoCloseable {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final int VALIDATION_SECONDS = 5;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement relocate;
    private final PreparedStatement delete;
    private final PreparedStatement find;
    private final PreparedStatement page;
    private final PreparedStatement count;

    CatalogSession(Connection connection) throws SQLException {
        this.connection = connection;
        this.insert = connection.prepareStatement("INSERT INTO photo"
                + " (id, name, format, width, height, orientation, bytes, source, added)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        this.relocate = connection.prepareStatement("UPDATE photo SET source = ? WHERE id = ?");
        this.delete = connection.prepareStatement("DELETE FROM photo WHERE id = ?");
        this.find = connection.prepareStatement("SELECT * FROM photo WHERE id = ?");
        this.page = connection.prepareStatement("SELECT * FROM photo ORDER BY added DESC, id LIMIT ? OFFSET ?");
        this.count = connection.prepareStatement("SELECT count(*) FROM photo");
    }

    /**
     * Adds a photo. One that the catalogue has stays as it is, but for the place of its file, which is the last one
     * where it was seen. Fit to be run again.
     *
     * @return whether it is new
     */
    public boolean add(Photo photo) throws SQLException {
        try {
            insert(photo);
            return true;
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            relocate(photo);
            return false;
        }
    }

    private void insert(Photo photo) throws SQLException {
        insert.setString(1, photo.id());
        insert.setString(2, photo.name());
        insert.setString(3, photo.format());
        insert.setInt(4, photo.width());
        insert.setInt(5, photo.height());
        insert.setInt(6, photo.orientation());
        insert.setLong(7, photo.bytes());
        insert.setString(8, photo.source());
        insert.setObject(9, photo.added().atOffset(ZoneOffset.UTC));
        insert.executeUpdate();
    }

    private void relocate(Photo photo) throws SQLException {
        relocate.setString(1, photo.source());
        relocate.setString(2, photo.id());
        relocate.executeUpdate();
    }

    /** Deletes a photo, if it is there. */
    public void delete(String id) throws SQLException {
        delete.setString(1, id);
        delete.executeUpdate();
    }

    /** The photo of an id. */
    public Optional<Photo> find(String id) throws SQLException {
        find.setString(1, id);
        return photos(find).stream().findFirst();
    }

    /** Photos, the latest first. */
    public PhotoPage page(long offset, int limit) throws SQLException {
        page.setInt(1, limit);
        page.setLong(2, offset);
        return new PhotoPage(photos(page), count());
    }

    /** How many photos there are. */
    public long count() throws SQLException {
        try (ResultSet rows = count.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static List<Photo> photos(PreparedStatement query) throws SQLException {
        List<Photo> photos = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                photos.add(photo(rows));
            }
        }
        return photos;
    }

    private static Photo photo(ResultSet row) throws SQLException {
        return new Photo(
                row.getString("id"),
                row.getString("name"),
                row.getString("format"),
                row.getInt("width"),
                row.getInt("height"),
                row.getInt("orientation"),
                row.getLong("bytes"),
                row.getString("source"),
                row.getObject("added", OffsetDateTime.class).toInstant());
    }

    /** Whether the database still answers. */
    boolean isAlive() throws SQLException {
        return connection.isValid(VALIDATION_SECONDS);
    }

    @Override
    public void close() throws SQLException {
        connection.close(); // and its statements with it
    }
}
