from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0026_blocked_in_the_history'),
    ]

    operations = [
        migrations.AddField(
            model_name='mediafile',
            name='died',
            field=models.PositiveSmallIntegerField(default=0, help_text='Workers that ended over it.'),
        ),
        migrations.AddField(
            model_name='mediafile',
            name='leased_until',
            field=models.DateTimeField(blank=True, help_text='A worker is at it.', null=True),
        ),
        migrations.AddField(
            model_name='mediafile',
            name='uploaded_at',
            field=models.DateTimeField(blank=True, help_text='Meta keeps it 30 days.', null=True),
        ),
    ]
