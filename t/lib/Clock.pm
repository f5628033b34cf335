package Clock;

# Copyright (C) ngx_chat_module contributors

# A wall clock that a test moves under a running nginx: what takes minutes
# takes a moment, and a clock that is set wrong is one, too.
#
#     my $t = Chat->new;
#     my $clock = Clock->new($t);
#
#     $clock->start;              # instead of $t->start
#     $clock->move(-3600);        # somebody sets the wall clock
#     $clock->pass(25);           # time passes: timers, too, are due

use v5.36;


sub new ($class, $t) {
    my $dir = $t->dir;
    my $self = bless { chat => $t, file => "$dir/clock",
                       wall => 0, monotonic => 0 }, $class;

    $self->write;
    $t->preload('clock', CHAT_CLOCK => $self->{file});

    return $self;
}


sub start ($self) {
    $self->{chat}->start;

    return $self;
}


sub write ($self) {
    open my $fh, -e $self->{file} ? '+<' : '>', $self->{file}
        or die "$self->{file}: $!\n";
    binmode $fh;
    print $fh pack 'qq', @$self{qw(wall monotonic)};
    close $fh or die "$self->{file}: $!\n";

    return $self;
}


sub move ($self, $seconds) {
    $self->{wall} += $seconds;

    return $self->write;
}


sub pass ($self, $seconds) {
    $self->{monotonic} += $seconds;

    return $self->move($seconds);
}


sub at ($self) { $self->{wall} }


1;
