package Power;

# Copyright (C) ngx_chat_module contributors

# What a sudden loss of power leaves of the state directory.  A library that
# is preloaded into nginx records each write and each sync (t/lib/shim/disk.c);
# from that an image is made of what the disk would hold, had the power gone at
# a given place of the record:
#
# - what a sync that was over had covered is there;
# - of what was written since, each sector of 512 bytes is as it was then or
#   as any later write has left it, by chance: a disk writes them in any order,
#   and may be in the midst of a page;
# - a file is as long as it was, or as it became;
# - of changes of the directory that no sync of the directory covered, the
#   first few are there, as journals of file systems keep their order.
#
#     my $power = Power->new($t);         # before $t->start
#     $t->start;
#     ...
#     my $here = $power->place;           # what is on the disk is, by now
#     $power->cut;                        # nginx is gone, all at once
#     $power->restore($power->image(seed => 7));
#     $t->start;
#
# An image is { name => bytes }.  "leave" says what becomes of what was not
# synced: "chance" (the default), "nothing", "all".  "deaf" is a pattern of
# names whose syncs are not believed: a check that finds nothing then is none.

use v5.36;

use DBI ();
use List::Util ();

use Chat::Wait qw(wait_for);

use constant SECTOR => 512;
use constant RECORD => 24;

# types of records

use constant {
    WRITE => 1, TRUNCATE => 2, SYNC => 3, SYNCED => 4, CREATE => 5,
    UNLINK => 6, RENAME => 7, LINK => 8,
};


sub new ($class, $t) {
    my $self = bless { chat => $t, log => $t->dir . '/disk.log',
                       dir => $t->state_dir }, $class;

    $t->preload('disk', CHAT_DISK_UNDER => $self->{dir},
                CHAT_DISK_LOG => $self->{log});

    return $self->_begin;
}


# Without a record: to freeze, to copy, to restore.

sub watch ($class, $t) {
    return bless { chat => $t, dir => $t->state_dir }, $class;
}


# The record begins anew, with what is there as what is on the disk.

sub _begin ($self) {
    return $self if !$self->{log};

    open my $fh, '>', $self->{log} or die "$self->{log}: $!\n";

    $self->{base} = {};

    for my $path (glob "$self->{dir}/*") {
        my $name = substr $path, 1 + length $self->{dir};
        $self->{base}{$name} = { ino => (stat $path)[1], bytes => _read($path) };
    }

    return $self;
}


# The state directory as it is: an image.

sub copy ($self) {
    return { map { substr($_, 1 + length $self->{dir}) => _read($_) }
             grep { !/-shm$/ } glob "$self->{dir}/*" };
}


sub _read ($path) {
    open my $fh, '<:raw', $path or die "$path: $!\n";
    local $/;
    return <$fh> // '';
}


sub place ($self) { $self->{log} ? -s $self->{log} : 0 }


# The places right after each write to a file, while its sync is to come.

sub places ($self, $name) {
    my $disk = Power::Disk->new($self);
    my @places;

    open my $fh, '<:raw', $self->{log} or die "$self->{log}: $!\n";

    $disk->replay($fh, $self->place, sub ($type, $file) {
        push @places, $disk->{at}
            if $type == WRITE && $file == ($disk->{known}{$name} // -1);
    });

    return @places;
}


# All processes stand still at once, then they are gone.  Returns the place.

sub cut ($self) {
    my $t = $self->{chat};
    my @all = $self->freeze;
    my $place = $self->place;

    kill 'KILL', @all;
    wait_for(sub { !grep { !Chat::ended($_) } @all }, 10,
             'nginx is gone') or die "nginx is still there\n";

    delete $t->{pid};
    unlink $t->dir . '/nginx.pid';

    return $self->{place} = $place;
}


# Every thread of every process has stopped.  Returns the processes.

sub freeze ($self) {
    my $t = $self->{chat};
    my @all = $t->pid;

    # the master first: it starts no more of them

    kill 'STOP', @all;
    wait_for(sub { _stopped($all[0]) }, 10, 'the master stops');

    push @all, $t->_children($all[0]);

    kill 'STOP', @all;
    wait_for(sub { !grep { !_stopped($_) } @all }, 10, 'all stop')
        or die "nginx does not stop\n";

    return @all;
}


sub _stopped ($pid) {
    my @tasks = glob "/proc/$pid/task/*/stat";

    return !grep {
        open my $fh, '<', $_;
        $fh && (<$fh> // '') =~ /\) [^TZX] /;
    } @tasks;
}


# Opens an image: the messages that it holds, { id => text }, or dies of what
# is wrong with it.  One that has no schema is of the first moment.

sub stored ($self, $image) {
    my $dir = $self->{chat}->dir . '/image';

    mkdir $dir;
    unlink glob "$dir/*";
    $self->write($image, $dir);

    my $db = DBI->connect("dbi:SQLite:dbname=$dir/chat.db", '', '', {
        RaiseError => 1, PrintError => 0, sqlite_unicode => 1,
    });

    my @faults = map { $_->[0] }
        @{ $db->selectall_arrayref('PRAGMA integrity_check') };

    die "@faults\n" if "@faults" ne 'ok';

    return {} if !@{ $db->selectall_arrayref(
        "SELECT 1 FROM sqlite_master WHERE name = 'event'") };

    return { map { @$_ } @{ $db->selectall_arrayref(
        'SELECT id, text FROM event WHERE type = 1') } };
}


# Puts an image where the state directory is.

sub restore ($self, $image) {
    my ($uid, $gid) = (stat $self->{dir})[4, 5];

    unlink glob "$self->{dir}/*";

    $self->write($image, $self->{dir}, $uid, $gid);

    return $self->_begin;
}


sub write ($self, $image, $dir, $uid = -1, $gid = -1) {
    for my $name (keys %$image) {
        my $path = "$dir/$name";

        open my $fh, '>:raw', $path or die "$path: $!\n";
        print $fh $image->{$name};
        close $fh or die "$path: $!\n";

        chmod 0600, $path;
        chown $uid, $gid, $path;
    }

    return $self;
}


# Calls back with an image for each of the places, in their order.

sub images ($self, $cuts, $each) {
    my $disk = Power::Disk->new($self);

    open my $fh, '<:raw', $self->{log} or die "$self->{log}: $!\n";

    for my $cut (sort { $a->{place} <=> $b->{place} } @$cuts) {
        $disk->replay($fh, $cut->{place});
        $each->($cut, $disk->image(%$cut));
    }
}


sub image ($self, %opt) {
    my $image;

    $self->images([ { place => $self->{place}, %opt } ],
                  sub ($cut, $made) { $image = $made });

    return $image;
}


sub deaf ($self, $pattern) {
    return bless { %$self, deaf => $pattern }, ref $self;
}


package Power::Disk;

# Files by number, as inodes are used again.  Each: what is on the disk, what
# was written since, and how long it is now.

use v5.36;


sub new ($class, $power) {
    my $self = bless {
        dir => $power->{dir}, deaf => $power->{deaf}, at => 0, files => [],
        of => {}, names => {}, changes => [], changed => 0, syncs => {},
        dir_ino => (stat $power->{dir})[1],
    }, $class;

    for my $name (keys %{ $power->{base} }) {
        my $base = $power->{base}{$name};
        $self->{names}{$name} = $self->_file($base->{ino}, $base->{bytes});
    }

    $self->{known} = { %{ $self->{names} } };

    return $self;
}


sub _file ($self, $ino, $bytes = '') {
    push @{ $self->{files} }, {
        bytes => $bytes, size => length $bytes, pending => [], done => 0,
    };

    return $self->{of}{$ino} = $#{ $self->{files} };
}


# Goes on to a place of the record, or to the last whole one before it.

sub replay ($self, $fh, $place, $told = undef) {
    seek $fh, $self->{at}, 0;

    while ($self->{at} + Power::RECORD <= $place) {
        read($fh, my $head, Power::RECORD) == Power::RECORD or last;

        my ($type, $length, $ino, $offset) = unpack 'LLQq', $head;

        last if $self->{at} + Power::RECORD + $length > $place;

        my $bytes = '';
        read($fh, $bytes, $length) == $length or last if $length;

        $self->_record($type, $ino, $offset, $bytes);
        $self->{at} += Power::RECORD + $length;
        $told->($type, $self->{of}{$ino} // -1) if $told;
    }
}


sub _record ($self, $type, $ino, $offset, $bytes) {
    if ($type == Power::CREATE || $type == Power::UNLINK
        || $type == Power::RENAME || $type == Power::LINK)
    {
        return $self->_change($type, $ino, $bytes);
    }

    if ($ino == $self->{dir_ino}) {
        $self->{syncs}{$offset} = $self->{changed} + @{ $self->{changes} }
            if $type == Power::SYNC;
        $self->_changed(delete $self->{syncs}{$offset})
            if $type == Power::SYNCED;
        return;
    }

    my $file = $self->{files}[ $self->{of}{$ino}
                               // die "a file that was never opened\n" ];

    if ($type == Power::SYNC) {
        $self->{syncs}{$offset} = $file->{done} + @{ $file->{pending} };

    } elsif ($type == Power::SYNCED) {
        _synced($file, delete $self->{syncs}{$offset})
            if !$self->_deaf($file);

    } else {
        _written($file, $type, $offset, $bytes);
    }
}


sub _deaf ($self, $file) {
    return if !$self->{deaf};

    return grep { $self->{files}[ $self->{known}{$_} ] == $file
                  && $_ =~ $self->{deaf} } keys %{ $self->{known} };
}


# A write of bytes, or of zeros where a file was cut off.

sub _written ($file, $type, $offset, $bytes) {
    if ($type == Power::TRUNCATE) {
        my $gone = $file->{size} - $offset;

        $bytes = $gone > 0 ? "\0" x $gone : '';
        $file->{size} = $offset;

    } else {
        my $end = $offset + length $bytes;
        $file->{size} = $end if $end > $file->{size};
    }

    push @{ $file->{pending} }, [ $offset, $bytes, $file->{size} ];
}


sub _synced ($file, $up_to) {
    while ($file->{done} < $up_to) {
        my ($offset, $bytes, $size) = @{ shift @{ $file->{pending} } };

        _put(\$file->{bytes}, $offset, $bytes);
        _size(\$file->{bytes}, $size);
        $file->{done}++;
    }
}


sub _put ($to, $offset, $bytes) {
    my $length = length $$to;

    $$to .= "\0" x ($offset - $length) if $offset > $length;
    substr $$to, $offset, length $bytes, $bytes;
}


sub _size ($to, $size) {
    my $length = length $$to;

    $$to .= "\0" x ($size - $length) if $size > $length;
    substr $$to, $size, $length - $size, '' if $size < $length;
}


# The directory: what is known to the processes, and what is on the disk.

sub _change ($self, $type, $ino, $bytes) {
    my ($from, $to) = map { substr $_, 1 + length $self->{dir} }
                      split /\0/, $bytes;

    my $file = $type == Power::CREATE ? $self->_file($ino)
                                      : $self->{known}{$from};

    my @change = $type == Power::CREATE ? ([ $from, $file ])
               : $type == Power::UNLINK ? ([ $from, undef ])
               : $type == Power::LINK ? ([ $to, $file ])
               : ([ $to, $file ], [ $from, undef ]);

    _apply($self->{known}, @change);
    push @{ $self->{changes} }, \@change;
}


sub _apply ($names, @change) {
    for (@change) {
        my ($name, $file) = @$_;

        if (defined $file) {
            $names->{$name} = $file;

        } else {
            delete $names->{$name};
        }
    }
}


sub _changed ($self, $up_to) {
    while ($self->{changed} < $up_to) {
        _apply($self->{names}, @{ shift @{ $self->{changes} } });
        $self->{changed}++;
    }
}


# What is left when the power goes now.

sub image ($self, %opt) {
    my $leave = $opt{leave} // 'chance';
    my $chance = chance($opt{seed} // 1);
    my %names = %{ $self->{names} };
    my @changes = @{ $self->{changes} };

    splice @changes, $leave eq 'nothing' ? 0 : $chance->(@changes + 1)
        if $leave ne 'all';

    _apply(\%names, @$_) for @changes;

    my %image;

    for my $name (sort keys %names) {
        next if $name =~ /-shm$/;

        my $file = $self->{files}[ $names{$name} ];

        $image{$name} = $leave eq 'nothing' ? $file->{bytes}
            : _left($file, $leave eq 'all' ? undef : $chance);
    }

    return \%image;
}


# A sector has its versions, each with all that earlier writes put into it.
# Chance favours the ends: nearly nothing or nearly all was written.

sub _left ($file, $chance) {
    my $bytes = $file->{bytes};
    my @pending = @{ $file->{pending} } or return $bytes;
    my (%versions, $size);

    for my $write (@pending) {
        my ($offset, $data) = @$write;

        for (my $from = $offset; $from < $offset + length $data; ) {
            my $sector = int($from / Power::SECTOR);
            my $end = List::Util::min(($sector + 1) * Power::SECTOR,
                                      $offset + length $data);

            push @{ $versions{$sector} },
                [ $from, substr $data, $from - $offset, $end - $from ];
            $from = $end;
        }
    }

    my $often = $chance ? (0.02, 0.3, 0.7, 0.98)[ $chance->(4) ] : 1;

    for my $sector (sort { $a <=> $b } keys %versions) {
        my @all = @{ $versions{$sector} };

        if ($chance) {
            next if $chance->(1000) >= 1000 * $often;
            splice @all, 1 + $chance->(scalar @all);
        }

        _put(\$bytes, @$_) for @all;
    }

    $size = $chance ? $chance->(1 + @pending) : @pending;
    _size(\$bytes, $size ? $pending[$size - 1][2] : length $file->{bytes});

    return $bytes;
}


# Numbers below n, the same ones for the same seed.

sub chance ($seed) {
    my $x = 1 + $seed % 1_000_000;

    return sub ($n) {
        $x = ($x * 1103515245 + 12345) & 0x7fff_ffff;

        return ($x >> 8) % $n;
    };
}


1;
