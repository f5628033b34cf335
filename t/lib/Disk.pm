package Disk;

# Copyright (C) ngx_chat_module contributors

# A disk under the state directory that is slow, or that fails, as a test
# wants it to: a library preloaded into nginx, see t/lib/shim/disk.c.
#
#     my $disk = Disk->new($t);
#
#     $t->start;
#     $disk->slow(0.004);             # each sync takes 4 ms longer
#     $disk->syncs;                   # so many were there
#     $disk->fail(sync => EIO);       # until fail(sync => 0)
#     $disk->fail(write => EROFS);    # nothing can be written or created

use v5.36;

# the words of disk_control_t

use constant WORDS => { delay => 0, syncs => 1, sync => 2, write => 3 };


sub new ($class, $t) {
    my $self = bless { chat => $t, file => $t->dir . '/disk' }, $class;

    open my $fh, '>', $self->{file} or die "$self->{file}: $!\n";
    print $fh pack 'q4';
    close $fh or die "$self->{file}: $!\n";

    $t->preload('disk', CHAT_DISK_UNDER => $t->state_dir,
                CHAT_DISK_CONTROL => $self->{file});

    return $self;
}


sub slow ($self, $seconds) {
    return $self->_set('delay', int($seconds * 1e6 + 0.5));
}


sub fail ($self, $what, $errno) {
    return $self->_set($what, $errno + 0);
}


sub syncs ($self) {
    open my $fh, '<:raw', $self->{file} or die "$self->{file}: $!\n";
    sysread($fh, my $words, 32) == 32 or die "$self->{file}: $!\n";

    return (unpack 'q4', $words)[WORDS->{syncs}];
}


sub _set ($self, $word, $value) {
    open my $fh, '+<:raw', $self->{file} or die "$self->{file}: $!\n";
    sysseek $fh, 8 * WORDS->{$word}, 0;
    syswrite($fh, pack 'q', $value) == 8 or die "$self->{file}: $!\n";

    return $self;
}


1;
